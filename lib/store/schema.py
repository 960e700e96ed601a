"""Which schema the code needs."""

SCHEMA_VERSION = 11  # number of the newest migration; every claim states it
