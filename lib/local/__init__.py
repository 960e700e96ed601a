"""What only a laptop or a server needs: the embedded Postgres, the Data API over it, the local server."""
