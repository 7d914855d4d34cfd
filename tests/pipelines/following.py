"""Scripts and recipes followed without running them, as calls and as jobs."""

from __future__ import annotations

import functools
import importlib
import os

from sparsetool import recipes
from sparsetool.cli.syntax import grammar
from sparsetool.plugins.engines import Job
from sparsetool.recipes.jobs import jobs
from sparsetool.recipes.recording import Call, Grammar, record


@functools.cache
def syntax() -> Grammar:
    return grammar()


def calls(script: str, **env: str) -> list[Call]:
    text = f"set -euo pipefail\n: ${{OUT:=out}}\nmkdir -p $OUT\n{script}\n"
    return list(record("test", text, {**os.environ, **env}, syntax()).calls)


def made(script: str, **env: str) -> list[Job]:
    return jobs(calls(script, **env), syntax())


def lines(script: str, **env: str) -> list[str]:
    return [job.line.removeprefix("sparsetool ") for job in made(script, **env)]


@functools.cache
def recipe_jobs(name: str, scale: str = "smoke") -> list[Job]:
    return jobs(recipes.recorded(name, {**os.environ, "SCALE": scale}, syntax()).calls, syntax())


def written(engine: str, found: list[Job]) -> str:
    return importlib.import_module(f"sparsetool.builtin.engines.{engine}").text("two\nlines", found)
