"""GET /api/history: value points, events and metrics of one account or of all, oldest first."""

from lib.usecases import history, spreadsheet, told
from lib.web.endpoint import VIEWER, endpoint
from lib.web.tagged import histories

app = endpoint(get=histories(told.editions, history.tagged, spreadsheet.tagged), access=VIEWER)
