"""Our trackers; `plugins.trackers` says what a tracker defines."""
