"""The privacy lead's pages: who looked at what, and why."""
