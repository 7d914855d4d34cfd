"""Our criteria; `plugins.criteria` says what a criterion defines."""
