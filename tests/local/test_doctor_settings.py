"""The doctor and the settings: what is missing, wrong or weak, said without the value of a secret."""

import base64
import json
from collections.abc import Mapping

import pytest

from lib.errors import ConfigurationError
from lib.local.doctor import check_settings
from lib.local.doctor.finding import Finding, Level, worst
from lib.settings import read
from lib.vault import generate_key

KEY, CRON, TOKEN = generate_key(), "kV3x-0bQm9Zt7Lr2Wc5Y", "pA8e_Jf1Hn6Uy4Sd3Gi7"
OWN = {"DATABASE_URL": "postgresql://me:pass@db:5432/monitor", "ENCRYPTION_KEY": KEY}
HOSTED = {"SUPABASE_URL": "https://abcdef.supabase.co", "SUPABASE_SECRET_KEY": "sb_secret_abc", "ENCRYPTION_KEY": KEY}
SECRETS = {"CRON_SECRET": CRON, "API_TOKEN": TOKEN}
POOLER = "postgresql://postgres.{}:pw@aws-0-eu-central-1.pooler.supabase.com:{}/postgres"


def look(environ: Mapping[str, str]) -> list[Finding]:
    """All that is not fine."""
    return [one for one in check_settings.check(read(environ)) if one.level is not Level.OK]


def only(environ: Mapping[str, str]) -> tuple[str, str]:
    (found,) = look(environ)
    assert found.remedy
    return str(found.level), found.message


@pytest.mark.parametrize(
    ("home", "store"),
    [
        pytest.param(OWN, "the Postgres of DATABASE_URL", id="an own Postgres"),
        pytest.param(HOSTED, "https://abcdef.supabase.co", id="hosted"),
        pytest.param({"ENCRYPTION_KEY": KEY}, "the embedded Postgres", id="embedded"),
    ],
)
def test_all_set_and_strong_is_fine(home: dict[str, str], store: str) -> None:
    first, secrets = check_settings.check(read(home | SECRETS))
    assert (first.level, first.message) == (
        Level.OK,
        f"everything that is needed is set; the store is {store}",
    )
    assert (secrets.level, secrets.message) == (Level.OK, "set and strong")


def test_addresses_that_no_service_has_are_named_by_their_place_alone() -> None:
    right = HOSTED | SECRETS | {"ALERT_URLS": "json://localhost/hunter2"}
    assert look(right) == []
    assert [one.message for one in check_settings.check(read(right)) if one.subject == "alerts"] == [
        "one service is told; ./monitor alerts test tries whether it arrives"
    ]
    level, message = only(HOSTED | SECRETS | {"ALERT_URLS": "json://localhost/hunter2 nonsense://hunter2"})
    assert (level, message) == ("problem", "number 2 of ALERT_URLS is no address of a service that is known")


def test_in_demo_mode_nothing_is_asked_for() -> None:
    (found,) = check_settings.check(read({}))
    assert found.level is Level.OK
    assert "demo mode" in found.message


def test_every_setting_that_is_missing_has_its_line_and_says_where_to_get_it() -> None:
    environ = {"SUPABASE_URL": HOSTED["SUPABASE_URL"]} | SECRETS
    found = look(environ)
    assert {one.level for one in found} == {Level.PROBLEM}
    assert not [one for one in check_settings.check(read(environ)) if "everything that is needed" in one.message]
    assert [one.message for one in found] == ["SUPABASE_SECRET_KEY is not set", "ENCRYPTION_KEY is not set"]
    assert "keygen" in (found[1].remedy or "")


@pytest.mark.parametrize(
    ("environ", "level", "message"),
    [
        pytest.param(
            HOSTED | {"API_TOKEN": TOKEN}, "problem", "CRON_SECRET is not set: nothing can start a run there", id="cron"
        ),
        pytest.param(
            OWN | {"CRON_SECRET": CRON},
            "warning",
            "API_TOKEN is not set: the page and the API cannot be read",
            id="token",
        ),
        pytest.param(
            OWN | SECRETS | {"CRON_SECRET": "fifteen-letters"},
            "problem",
            "CRON_SECRET has fewer than 16 characters",
            id="short",
        ),
        pytest.param(
            OWN | SECRETS | {"CRON_SECRET": "please-ChangeMe-soon"},
            "problem",
            "CRON_SECRET is a placeholder",
            id="placeholder",
        ),
        pytest.param(
            OWN | SECRETS | {"API_TOKEN": "abababababababababab"},
            "problem",
            "API_TOKEN repeats few characters",
            id="repeated",
        ),
        pytest.param(
            OWN | SECRETS | {"API_TOKEN": "schön-geheim-und-lang"},
            "problem",
            "API_TOKEN has a character that a header cannot carry",
            id="no header",
        ),
        pytest.param(
            OWN | {"CRON_SECRET": CRON, "API_TOKEN": CRON},
            "warning",
            "CRON_SECRET and API_TOKEN are the same: who may read may start runs",
            id="the same twice",
        ),
        pytest.param(
            HOSTED | SECRETS | {"SUPABASE_SECRET_KEY": "a-word"},
            "problem",
            "SUPABASE_SECRET_KEY is no key of Supabase",
            id="no key",
        ),
        pytest.param(
            HOSTED | SECRETS | {"SUPABASE_DB_URL": POOLER.format("abcdef", 6543)},
            "problem",
            "SUPABASE_DB_URL is the transaction pooler, which cannot migrate",
            id="transaction pooler",
        ),
        pytest.param(
            HOSTED | SECRETS | {"SUPABASE_DB_URL": POOLER.format("other", 5432)},
            "problem",
            "SUPABASE_URL is project abcdef, SUPABASE_DB_URL is project other",
            id="two projects",
        ),
    ],
)
def test_what_is_weak_or_does_not_fit_is_named(environ: dict[str, str], level: str, message: str) -> None:
    assert only(environ) == (level, message)


def test_a_problem_is_worse_than_a_warning_wherever_it_stands() -> None:
    both = look(OWN | {"CRON_SECRET": "short"})
    assert {one.level for one in both} == {Level.WARNING, Level.PROBLEM}
    assert worst(both) is worst(both[::-1]) is Level.PROBLEM
    assert worst([]) is Level.OK


def test_an_old_key_of_supabase_is_taken_with_a_warning() -> None:
    claims = base64.urlsafe_b64encode(json.dumps({"role": "service_role"}).encode()).decode().rstrip("=")
    old = HOSTED | SECRETS | {"SUPABASE_SECRET_KEY": f"eyJhbGciOiJIUzI1NiJ9.{claims}.c2ln"}
    assert only(old)[0] == "warning"


def test_the_session_pooler_of_the_same_project_is_fine() -> None:
    assert look(HOSTED | SECRETS | {"SUPABASE_DB_URL": POOLER.format("abcdef", 5432)}) == []


def test_every_wrong_setting_has_a_line_of_its_own() -> None:
    environ = HOSTED | OWN | {"PORT": "many", "SUPABASE_SECRET_KEY": "sb_publishable_x", "CRON_SECRET": "hidden"}
    with pytest.raises(ConfigurationError) as refused:
        read(environ)
    found = check_settings.unreadable(refused.value)
    assert [one.message.split()[0] for one in found] == ["SUPABASE_SECRET_KEY", "PORT", "SUPABASE_URL"]
    assert worst(found) is Level.PROBLEM


def test_a_file_that_cannot_be_read_is_one_line() -> None:
    (found,) = check_settings.unreadable(ConfigurationError(".env, line 3: write it as NAME=value"))
    assert found.message == ".env, line 3: write it as NAME=value"


def test_what_keygen_prints_is_strong_for_every_use() -> None:
    for secret in (generate_key() for _ in range(50)):
        assert check_settings.weakness(secret) is None
        assert look(OWN | SECRETS | {"ENCRYPTION_KEY": secret}) == []


def test_no_secret_is_ever_repeated() -> None:
    environ = HOSTED | {"CRON_SECRET": "weak-hidden", "API_TOKEN": "weak-hidden", "SUPABASE_SECRET_KEY": "odd-hidden"}
    assert "hidden" not in str(look(environ))
