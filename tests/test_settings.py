"""Settings: what each may be, what follows from leaving it out, and what is said when it is wrong."""

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from lib.errors import ConfigurationError
from lib.settings import Settings, WrongSettings, missing, read, require

KEY = base64.b64encode(bytes(range(200, 232))).decode()
OTHER_KEY = base64.b64encode(bytes(range(201, 233))).decode()
SUPABASE = {"SUPABASE_URL": "https://abc.supabase.co", "SUPABASE_SECRET_KEY": "sb_secret_abc"}
OWN = {"DATABASE_URL": "postgresql://me:pass@db:5432/monitor", "ENCRYPTION_KEY": KEY}


def jwt(role: str) -> str:
    payload = base64.urlsafe_b64encode(json.dumps({"role": role}).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{payload}.c2lnbmF0dXJl"


def test_without_any_setting_it_is_demo_on_this_machine_alone_a_slot_a_minute() -> None:
    found = read({})
    assert (found.demo, found.deployed, found.collect_every_minutes) == (True, False, 1)
    assert (found.host, found.port, found.log_level) == ("127.0.0.1", 8000, None)
    assert found.binance_api_url == "https://api.binance.com"
    assert missing(found) == ()


@pytest.mark.parametrize("name", ["SUPABASE_URL", "DATABASE_URL", "ENCRYPTION_KEY"])
def test_one_setting_that_points_at_own_data_leaves_demo_mode(name: str) -> None:
    found = read({name: (SUPABASE | OWN)[name]})
    assert (found.demo, found.collect_every_minutes) == (False, 60)


@pytest.mark.parametrize(
    ("environ", "demo"),
    [
        pytest.param({"DEMO_MODE": "true"} | OWN, True, id="asked for beside an own database"),
        pytest.param({"DEMO_MODE": "false"}, False, id="refused with nothing else set"),
        pytest.param({"DEMO_MODE": "TRUE"}, True, id="either case"),
        pytest.param({"DEMO_MODE": "true", "VERCEL": "1"}, False, id="never in a deployed function"),
        pytest.param({"VERCEL": "1"}, False, id="nor there by default"),
        pytest.param({"DEMO_MODE": ""}, True, id="an empty text is not set"),
    ],
)
def test_demo_mode(environ: dict[str, str], demo: bool) -> None:
    assert read(environ).demo is demo


def test_a_slot_length_given_in_demo_mode_stands() -> None:
    assert read({"COLLECT_EVERY_MINUTES": "15"}).collect_every_minutes == 15


def test_every_value_arrives_parsed() -> None:
    found = read(
        OWN
        | {
            "ENCRYPTION_KEYS_OLD": f"{OTHER_KEY}, {KEY}",
            "CRON_SECRET": " tick ",
            "API_TOKEN": "look",
            "BINANCE_FAPI_URL": "http://127.0.0.1:9000/",
            "BINANCE_PROXY_URL": "http://me:a%40b%25c@proxy.test:3128/",
            "ALLOW_RISKY_KEYS": "True",
            "HOST": "::1",
            "PORT": "0",
            "LOG_LEVEL": "debug",
            "LOG_RETENTION_DAYS": "7",
            "MAX_LOG_ENTRIES": "500",
            "SUPABASE_DB_URL": "postgres://u:p@pooler:5432/postgres",
        }
    )
    assert found.encryption_key == bytes(range(200, 232))
    assert found.encryption_keys_old == (bytes(range(201, 233)), bytes(range(200, 232)))
    assert (found.cron_secret, found.api_token) == ("tick", "look")
    assert found.binance_fapi_url == "http://127.0.0.1:9000"
    assert found.binance_proxy_url == "http://me:a%40b%25c@proxy.test:3128"
    assert found.allow_risky_keys
    assert "a%40b" not in repr(found)
    assert (found.host, found.port, found.log_level) == ("::1", 0, "DEBUG")
    assert (found.log_retention_days, found.max_log_entries) == (7, 500)
    assert (found.database_url, found.supabase_db_url) == (OWN["DATABASE_URL"], "postgres://u:p@pooler:5432/postgres")


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        pytest.param({"DEMO_MODE": "yes"}, "DEMO_MODE must be true or false, not 'yes'", id="truth"),
        pytest.param({"PORT": "eighty"}, "PORT must be a port", id="a word as port"),
        pytest.param({"PORT": "65536"}, "PORT must be a port", id="a port past the last"),
        pytest.param({"PORT": "²"}, "PORT must be a port", id="a digit that is no number"),
        pytest.param({"COLLECT_EVERY_MINUTES": "7"}, "COLLECT_EVERY_MINUTES must be whole", id="no divisor of a day"),
        pytest.param({"COLLECT_EVERY_MINUTES": "0"}, "COLLECT_EVERY_MINUTES must be whole", id="no time at all"),
        pytest.param({"LOG_RETENTION_DAYS": "0"}, "LOG_RETENTION_DAYS must be a whole number", id="no day of log"),
        pytest.param({"MAX_LOG_ENTRIES": "1e6"}, "MAX_LOG_ENTRIES must be a whole number", id="no whole number"),
        pytest.param({"LOG_LEVEL": "loud"}, "LOG_LEVEL must be one of DEBUG", id="level"),
        pytest.param({"SUPABASE_URL": "abc.supabase.co"}, "SUPABASE_URL must be an address", id="no scheme"),
        pytest.param({"BINANCE_API_URL": "https://"}, "BINANCE_API_URL must be an address", id="no host"),
        pytest.param({"BINANCE_API_URL": "https://[::1"}, "BINANCE_API_URL must be an address", id="torn host"),
        pytest.param({"BINANCE_PROXY_URL": "socks5://proxy:1080"}, "must be the address of a proxy", id="socks"),
        pytest.param(
            {"BINANCE_PROXY_URL": "proxy:3128"}, "must be the address of a proxy", id="a proxy without scheme"
        ),
        pytest.param({"BINANCE_PROXY_URL": "http://proxy:1/x"}, "must be the address of a proxy", id="a path"),
        pytest.param({"ALLOW_RISKY_KEYS": "yes"}, "ALLOW_RISKY_KEYS must be true or false", id="risky"),
        pytest.param({"DATABASE_URL": "mysql://db/x"}, "DATABASE_URL must be a connection string", id="other database"),
        pytest.param(SUPABASE | OWN, "SUPABASE_URL and DATABASE_URL are both set", id="two homes"),
        pytest.param(SUPABASE | {"DEMO_MODE": "true"}, "demo data never go to Supabase", id="demo in Supabase"),
    ],
)
def test_a_wrong_setting_names_itself_and_what_to_do(environ: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(environ)
    assert says in str(caught.value)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(WrongSettings, match=r"PORT .*; LOG_LEVEL ") as caught:
        read({"PORT": "x", "LOG_LEVEL": "x"})
    assert [each.split()[0] for each in caught.value.problems] == ["PORT", "LOG_LEVEL"]


def test_a_password_may_hold_any_sign_once_it_is_written_as_its_code() -> None:
    assert read({"SUPABASE_DB_URL": "postgresql://me:a%40b%25c%2F@db/x"}).supabase_db_url is not None


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        pytest.param("ENCRYPTION_KEY", "bm90IHRoaXJ0eS10d28gYnl0ZXM=", id="a short key"),
        pytest.param("ENCRYPTION_KEY", "not base64 at all!", id="a key in no alphabet"),
        pytest.param("ENCRYPTION_KEYS_OLD", f"{KEY},bm90aGluZw==", id="one short old key"),
        pytest.param("DATABASE_URL", "hunter2@db", id="a torn connection string"),
        pytest.param("DATABASE_URL", "postgresql://me:pass@hunter2@db/x", id="a password that ends early"),
        pytest.param("SUPABASE_DB_URL", "postgresql://me:%hunter2@db/x", id="a password that is no escape"),
        pytest.param("SUPABASE_SECRET_KEY", "sb_publishable_abcdef", id="a publishable key"),
        pytest.param("SUPABASE_SERVICE_ROLE_KEY", jwt("anon"), id="an anon key"),
        pytest.param("SUPABASE_URL", "https://me:hunter2@abc.supabase.co", id="a password in an address"),
        pytest.param("BINANCE_PROXY_URL", "http://me:%hunter2@proxy:1", id="a proxy's password that is no escape"),
    ],
)
def test_a_wrong_secret_is_named_but_never_repeated(name: str, secret: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read({name: secret})
    assert str(caught.value).startswith(f"{name} ")
    assert secret not in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("weak", "why"),
    [
        pytest.param(bytes(32), "few bytes that repeat", id="zeros"),
        pytest.param(bytes(range(200, 214)) + bytes(18), "few bytes that repeat", id="half of it zeros"),
        pytest.param(b"correct horse battery staple 12!", "a text in base64", id="a sentence"),
    ],
)
def test_a_weak_encryption_key_is_refused_with_the_command_that_makes_one_and_may_still_decrypt(
    weak: bytes, why: str
) -> None:
    text = base64.b64encode(weak).decode()
    with pytest.raises(ConfigurationError, match=rf"^ENCRYPTION_KEY is {why}.*\./monitor keygen.*OLD") as caught:
        read(OWN | {"ENCRYPTION_KEY": text})
    assert text not in str(caught.value)
    assert read(OWN | {"ENCRYPTION_KEYS_OLD": text}).encryption_keys_old == (weak,)


def test_a_key_for_browsers_is_refused_with_the_reason() -> None:
    with pytest.raises(ConfigurationError, match="publishable key, which reads nothing here: use the secret key"):
        read(SUPABASE | {"SUPABASE_SECRET_KEY": "sb_publishable_abc"})
    with pytest.raises(ConfigurationError, match="role anon, which reads nothing"):
        read(SUPABASE | {"SUPABASE_SECRET_KEY": jwt("anon")})


@pytest.mark.parametrize("key", ["sb_secret_abc", jwt("service_role")])
def test_both_names_of_the_secret_key_are_read_the_newer_first(key: str) -> None:
    old = {"SUPABASE_URL": SUPABASE["SUPABASE_URL"], "SUPABASE_SERVICE_ROLE_KEY": key}
    assert read(old).supabase_key == key
    assert read(old | {"SUPABASE_SECRET_KEY": "sb_secret_new"}).supabase_key == "sb_secret_new"


def test_no_secret_is_in_the_repr() -> None:
    secrets = {
        "DATABASE_URL": "postgresql://me:pass@db:5432/monitor",
        "SUPABASE_DB_URL": "postgresql://me:pass@pooler:5432/monitor",
        "SUPABASE_SECRET_KEY": "sb_secret_abc",
        "CRON_SECRET": "tick-tock-tick",
        "API_TOKEN": "look-look-look",
        "ALERT_URLS": "tgram://bot-token/chat",
    }
    shown = repr(read(secrets | {"ENCRYPTION_KEY": KEY, "ENCRYPTION_KEYS_OLD": OTHER_KEY}))
    for secret in (*secrets.values(), "pass", repr(bytes(range(200, 232))), repr(bytes(range(201, 233)))):
        assert secret not in shown


def test_a_deployed_function_names_all_that_is_missing_at_once() -> None:
    found = read({"VERCEL": "1"})
    assert missing(found) == ("SUPABASE_URL", "SUPABASE_SECRET_KEY", "ENCRYPTION_KEY")
    with pytest.raises(ConfigurationError, match=r"^SUPABASE_URL, SUPABASE_SECRET_KEY, ENCRYPTION_KEY are not set\. "):
        require(found)


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        pytest.param({"DEMO_MODE": "false"}, ("ENCRYPTION_KEY",), id="the embedded server needs a key alone"),
        pytest.param({"DATABASE_URL": OWN["DATABASE_URL"]}, ("ENCRYPTION_KEY",), id="so does another Postgres"),
        pytest.param(OWN, (), id="an own database with its key"),
        pytest.param(SUPABASE, ("ENCRYPTION_KEY",), id="Supabase without a key of ours"),
        pytest.param({"SUPABASE_URL": "https://x.co", "ENCRYPTION_KEY": KEY}, ("SUPABASE_SECRET_KEY",), id="or of its"),
        pytest.param(SUPABASE | {"ENCRYPTION_KEY": KEY, "VERCEL": "1"}, (), id="a deployment with all it needs"),
    ],
)
def test_what_is_needed_follows_from_where_the_data_live(environ: dict[str, str], names: tuple[str, ...]) -> None:
    found: Settings = read(environ)
    assert missing(found) == names


def test_a_file_fills_what_the_environment_leaves_open_and_no_more(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text('# own\nexport PORT=9001\nAPI_TOKEN="a$b c"\nHOST=\nLOG_LEVEL=error # loud enough\n')
    found = read({"PORT": "9002"}, dotenv)
    assert (found.port, found.api_token, found.host, found.log_level) == (9002, "a$b c", "127.0.0.1", "ERROR")


def test_a_name_that_is_all_but_a_settings_is_refused_and_another_programs_is_not(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "DASHBORD_PASSWORD=correct horse\napi_token=look\nVERCEL_OIDC_TOKEN=x\nHOSTNAME=me\nSUPABASE_ANON_KEY=y\n"
    )
    with pytest.raises(WrongSettings) as refused:
        read(OWN, file)
    assert refused.value.problems == (
        "DASHBORD_PASSWORD in .env is no setting: DASHBOARD_PASSWORD is",
        "api_token in .env is no setting: API_TOKEN is",
    )


def test_a_file_that_is_not_there_is_no_file(tmp_path: Path) -> None:
    assert read({}, tmp_path / ".env") == read({})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"PORT=8000\nhunter2\n", r"\.env, line 2: write it as NAME=value", id="a name alone"),
        pytest.param(b'API_TOKEN="hunter2\n', r"\.env, line 1: ", id="an open quote"),
        pytest.param(b"API_TOKEN=\xff\n", r"\.env cannot be read", id="not text"),
    ],
)
def test_a_file_that_cannot_be_understood_is_named_with_its_line(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(ConfigurationError, match=says) as caught:
        read({}, tmp_path / ".env")
    assert "hunter2" not in str(caught.value)


class Asked(Mapping[str, str]):
    """An environment without values that remembers what it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@pytest.mark.parametrize(
    ("raw", "count"),
    [
        pytest.param("json://localhost/abc", 1, id="one"),
        pytest.param("json://localhost/abc,tgram://1:abc/2", 2, id="a comma"),
        pytest.param(" json://localhost/abc   tgram://1:abc/2 ,\nslack://a/b/c, ", 3, id="all kinds of space"),
        pytest.param("mailto://me:pass@example.com?to=a@x.com,b@x.com slack://a/b/c", 2, id="a comma inside of one"),
    ],
)
def test_services_are_told_apart(raw: str, count: int) -> None:
    found = read(OWN | {"ALERT_URLS": raw}).alert_urls
    assert len(found) == count
    assert not any(url.strip(" ,\n") != url for url in found)


@pytest.mark.parametrize("raw", ["hunter2", "json://localhost hunter2", "json://localhost, hunter2", "hunter2://"])
def test_an_address_that_is_none_is_named_by_its_place_and_not_repeated(raw: str) -> None:
    with pytest.raises(WrongSettings, match=r"^ALERT_URLS must be addresses like .* number [12] is none$") as caught:
        read(OWN | {"ALERT_URLS": raw})
    assert "hunter2" not in str(caught.value)


def test_the_example_names_exactly_the_settings_that_are_read() -> None:
    asked = Asked()
    read(asked)
    example = (Path(__file__).parent.parent / ".env.example").read_text().splitlines()
    named = {name for line in example if (name := line.removeprefix("# ").partition("=")[0]).isupper()}
    assert named == asked.names - {"VERCEL"}, "VERCEL is set by the platform, every other one by a person"
