"""The real store over the real client, the local Data API and a fresh database."""

import pytest
from supabase import AsyncClient

from lib.records import Account
from lib.store.client import SupabaseStore
from tests.store.builders import new_account


@pytest.fixture
def store(supabase_client: AsyncClient) -> SupabaseStore:
    return SupabaseStore(supabase_client)


@pytest.fixture
async def account(store: SupabaseStore) -> Account:
    """A new account at its first version."""
    await store.add(new_account("main"))
    return await store.load("main")
