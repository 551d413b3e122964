"""What goes wrong while the library is read."""


class LibraryError(ValueError):
    """A file of the library cannot be used; the message names the file and the key."""
