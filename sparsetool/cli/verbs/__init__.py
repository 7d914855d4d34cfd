"""Verbs: one file each, named as in the shell; thin glue between options and science."""
