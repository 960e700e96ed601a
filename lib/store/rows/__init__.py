"""Database rows to domain values and back, a topic a module: plain functions, Decimals as text both ways."""
