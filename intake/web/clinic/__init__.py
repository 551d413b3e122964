"""The clinic's pages: the day, people, charts, notes and plans."""
