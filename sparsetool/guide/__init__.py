"""The manual: one Markdown file per topic, which `sparsetool guide TOPIC` shows.

The first line of a file is its title (`# Title`); the line after it, one sentence, is the summary
in the list of topics. Blocks of code that begin with ```sh run or ```python run are run by the
tests, in order, in one empty folder per topic. Code and tests cite a section by its heading:
`sparsetool guide promises`, "Exit codes".
"""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import UsageError, nearest

HERE = Path(__file__).parent
# In the order in which a new user meets them; other topics follow by name.
ORDER = (
    *("start", "pipelines", "masks", "cycles", "moving-masks", "coupling", "figures", "results"),
    *("analyses", "own-models-and-data", "adding-a-member", "python", "checkpoints", "clusters"),
    *("promises", "formats", "troubleshooting", "architecture", "speed"),
)


def names() -> list[str]:
    """All topics, in the order in which they are best read."""
    known = sorted(path.stem for path in HERE.glob("*.md"))
    return [*(t for t in ORDER if t in known), *(t for t in known if t not in ORDER)]


def text(topic: str) -> str:
    """The page of a topic, Markdown.

    Raises:
        UsageError: There is no such topic; the message names the nearest.
    """
    if topic not in names():
        raise UsageError(f"unknown topic '{topic}': {nearest(topic, names())}")
    return (HERE / f"{topic}.md").read_text(encoding="utf-8")


def summary(topic: str) -> str:
    """The sentence under the title."""
    return text(topic).split("\n", 3)[2].rstrip(".")


def sections(topic: str) -> list[str]:
    """The headings below the title, as code and tests cite them."""
    outside = re.sub(r"^```.*?^```$", "", text(topic), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^#{2,} (.+)$", outside, flags=re.MULTILINE)
