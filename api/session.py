"""POST, DELETE /api/session: log in with the password, log out, or with everywhere=true end every session."""

from lib.usecases import entry
from lib.web.endpoint import ANYONE, endpoint
from lib.web.entry import logging_in, logging_out

app = endpoint(post=logging_in(entry.log_in), delete=logging_out(entry.log_out_everywhere), access=ANYONE)
