"""The one reader of the environment: named settings in, a frozen value out, or an error that names what is wrong."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from lib import setting_values as values
from lib.errors import ConfigurationError
from lib.setting_values import Network

HOW_TO_GET = {
    "SUPABASE_URL": "the project's address (Supabase dashboard, Settings, API)",
    "SUPABASE_SECRET_KEY": "the project's secret key (Supabase dashboard, Settings, API keys)",
    "ENCRYPTION_KEY": "32 random bytes in base64; ./monitor keygen makes one",
}
_ALL_BUT = 0.9  # one letter in ten


class WrongSettings(ConfigurationError):
    """Settings have unusable values; `problems` has one sentence for each, and none repeats a secret."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Settings:
    """All that the environment decides; a field that holds a secret is not in the `repr`."""

    deployed: bool  # True inside a deployed function
    demo: bool
    supabase_url: str | None
    supabase_key: str | None = field(repr=False)
    database_url: str | None = field(repr=False)
    supabase_db_url: str | None = field(repr=False)  # session pooler; migrate, doctor and backup only
    encryption_key: bytes | None = field(repr=False)
    encryption_keys_old: tuple[bytes, ...] = field(repr=False)  # decrypt only
    cron_secret: str | None = field(repr=False)
    api_token: str | None = field(repr=False)
    dashboard_password: str | None = field(repr=False)
    collect_every_minutes: int
    binance_api_url: str
    binance_fapi_url: str
    binance_dapi_url: str
    binance_eapi_url: str
    binance_papi_url: str
    binance_data_url: str
    binance_proxy_url: str | None = field(repr=False)  # may hold a password
    alert_urls: tuple[str, ...] = field(repr=False)  # where alerts go; each holds what lets one send there
    allow_risky_keys: bool
    host: str
    port: int
    trusted_proxies: tuple[Network, ...]  # whose word on the caller a local server takes
    log_level: str | None  # None: what serves tells from INFO on, a command from WARNING on
    log_retention_days: int
    max_log_entries: int

    @property
    def log_in(self) -> str:
        """By what a person comes in: password, token, or nothing that is set."""
        return "password" if self.dashboard_password else "token" if self.api_token else "nothing"


def from_environment(dotenv: Path | None = None) -> Settings:
    """Read this process's own environment.

    Raises: ConfigurationError.
    """
    return read(os.environ, dotenv)


def read(environ: Mapping[str, str], dotenv: Path | None = None) -> Settings:
    """Parse every setting; `dotenv` fills what `environ` does not set, and need not exist.

    Raises: WrongSettings naming every setting that has an unusable value, never the value of a secret;
    ConfigurationError for a file that cannot be read.
    """
    source = _Source(environ, values.dotenv(dotenv) if dotenv else {})
    deployed = source.raw("VERCEL") == "1"
    wants_demo = source.get("DEMO_MODE", values.truth, None)
    supabase_url = source.get("SUPABASE_URL", values.web_address, None)
    secret_key = source.get("SUPABASE_SECRET_KEY", values.supabase_key, None)
    service_key = source.get("SUPABASE_SERVICE_ROLE_KEY", values.supabase_key, None)
    database_url = source.get("DATABASE_URL", values.postgres_address, None)
    demo = not deployed and (source.names_no_store() if wants_demo is None else wants_demo)
    settings = Settings(
        deployed=deployed,
        demo=demo,
        supabase_url=supabase_url,
        supabase_key=secret_key or service_key,
        database_url=database_url,
        supabase_db_url=source.get("SUPABASE_DB_URL", values.postgres_address, None),
        encryption_key=source.get("ENCRYPTION_KEY", values.strong_key, None),
        encryption_keys_old=source.get("ENCRYPTION_KEYS_OLD", values.keys, ()),
        cron_secret=source.get("CRON_SECRET", values.text, None),
        api_token=source.get("API_TOKEN", values.text, None),
        dashboard_password=source.get("DASHBOARD_PASSWORD", values.password, None),
        collect_every_minutes=source.get("COLLECT_EVERY_MINUTES", values.slot_minutes, 1 if demo else 60),
        binance_api_url=source.get("BINANCE_API_URL", values.web_address, "https://api.binance.com"),
        binance_fapi_url=source.get("BINANCE_FAPI_URL", values.web_address, "https://fapi.binance.com"),
        binance_dapi_url=source.get("BINANCE_DAPI_URL", values.web_address, "https://dapi.binance.com"),
        binance_eapi_url=source.get("BINANCE_EAPI_URL", values.web_address, "https://eapi.binance.com"),
        binance_papi_url=source.get("BINANCE_PAPI_URL", values.web_address, "https://papi.binance.com"),
        binance_data_url=source.get("BINANCE_DATA_URL", values.web_address, "https://data-api.binance.vision"),
        binance_proxy_url=source.get("BINANCE_PROXY_URL", values.proxy_address, None),
        alert_urls=source.get("ALERT_URLS", values.services, ()),
        allow_risky_keys=source.get("ALLOW_RISKY_KEYS", values.truth, default=False),
        host=source.get("HOST", values.text, "127.0.0.1"),
        port=source.get("PORT", values.port, 8000),
        trusted_proxies=source.get("TRUSTED_PROXIES", values.networks, ()),
        log_level=source.get("LOG_LEVEL", values.log_level, None),
        log_retention_days=source.get("LOG_RETENTION_DAYS", values.positive, 30),
        max_log_entries=source.get("MAX_LOG_ENTRIES", values.positive, 1_000_000),
    )
    if supabase_url and database_url:
        source.problems.append("SUPABASE_URL and DATABASE_URL are both set: unset one, a store has one home")
    if supabase_url and wants_demo:
        source.problems.append("DEMO_MODE is true and SUPABASE_URL is set: unset one, demo data never go to Supabase")
    source.problems += source.misspelt()
    if source.problems:
        raise WrongSettings(source.problems)
    return settings


def missing(settings: Settings) -> tuple[str, ...]:
    """Name the settings without which the store cannot be opened nor a key decrypted; none in demo mode."""
    if settings.demo:
        return ()
    hosted = settings.deployed or settings.supabase_url is not None
    needed = (
        ("SUPABASE_URL", hosted and settings.supabase_url is None),
        ("SUPABASE_SECRET_KEY", hosted and settings.supabase_key is None),
        ("ENCRYPTION_KEY", settings.encryption_key is None),
    )
    return tuple(name for name, lacking in needed if lacking)


def require(settings: Settings) -> None:
    """Refuse to go on with settings missing.

    Raises: ConfigurationError naming all of them at once.
    """
    if names := missing(settings):
        listed = "; ".join(f"{name}: {HOW_TO_GET[name]}" for name in names)
        raise ConfigurationError(f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} not set. {listed}")


class _Source:
    """Where values come from, and what was wrong with them so far."""

    def __init__(self, environ: Mapping[str, str], dotenv: Mapping[str, str]) -> None:
        self._environ, self._dotenv = environ, dotenv
        self._known: set[str] = set()
        self.problems: list[str] = []

    def raw(self, name: str) -> str:
        """Return the setting's text; an empty one counts as not set."""
        self._known.add(name)
        return (self._environ.get(name) or self._dotenv.get(name) or "").strip()

    def get[T, D](self, name: str, parse: Callable[[str], T], default: D) -> T | D:
        """Parse one setting; what it refuses is noted under its name, and `default` stands in."""
        if not (found := self.raw(name)):
            return default
        try:
            return parse(found)
        except values.Refused as refusal:
            self.problems.append(f"{name} {refusal}")
            return default

    def misspelt(self) -> Iterator[str]:
        """Name what the file sets under a name that is all but a setting's; other names are other programs'.

        A password that one wrong letter leaves unset keeps nobody out. To be asked when every setting was read.
        """
        for name in sorted(self._dotenv.keys() - self._known):
            for meant in get_close_matches(name.upper(), self._known, n=1, cutoff=_ALL_BUT):
                yield f"{name} in .env is no setting: {meant} is"

    def names_no_store(self) -> bool:
        """Tell whether nothing points at data of one's own."""
        return not any(self.raw(name) for name in ("SUPABASE_URL", "DATABASE_URL", "ENCRYPTION_KEY"))
