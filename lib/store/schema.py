"""Which schema the code needs."""

SCHEMA_VERSION = 20  # number of the newest migration; every claim states it
