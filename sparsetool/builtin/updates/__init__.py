"""Our updates; `plugins.updates` says what an update defines."""
