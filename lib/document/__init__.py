"""The portable history file: its shape, the place of an error in it, and the way to and from domain values."""
