"""What is wrong in a history file, and where."""

from lib.errors import InvalidInput


class InvalidDocument(InvalidInput):
    """A history file cannot be read; the message names the file and the place in it."""

    code = "invalid_document"

    def __init__(self, file: str, place: str, message: str) -> None:
        super().__init__(f"{file}: {place}" if place else file, message)
        self.file, self.place = file, place
