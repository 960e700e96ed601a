"""The store over the Supabase client, and the migrations beside it."""
