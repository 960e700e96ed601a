"""The shapes of Binance's answers, one file a family: unknown fields are ignored, absent optional ones tolerated."""
