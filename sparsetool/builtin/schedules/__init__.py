"""Our schedules; `plugins.schedules` says what a schedule defines."""
