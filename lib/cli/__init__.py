"""`./monitor`: one command a file, tables and progress for people, `--json` for programs."""
