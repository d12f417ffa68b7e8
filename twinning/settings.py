"""Settings, all from the environment. ``.env.example`` lists every variable.

Three ways to run: production (nothing set but the needful), ``DEMO`` (the demonstration
on one's own machine) and ``DEBUG`` (development).
"""

from pathlib import Path

from csp.constants import NONE, SELF

from twinning import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

if env_file := env.text("ENV_FILE", str(BASE_DIR / ".env")):
    env.read_file(Path(env_file))

DEBUG = env.boolean("DEBUG", default=False)
DEMO = env.boolean("DEMO", default=False)
PRODUCTION = not (DEBUG or DEMO)
HTTPS = env.boolean("HTTPS", default=PRODUCTION)

SECRET_KEY = env.secret_key("SECRET_KEY", production=PRODUCTION, keep_in=VAR_DIR / "secret-key")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", demo=DEMO, debug=DEBUG)
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
SECRET_KEY_FALLBACKS = env.listed("SECRET_KEY_FALLBACKS")

# --- What the register itself asks about --------------------------------------------------

STALLED_AFTER_DAYS = env.integer("STALLED_AFTER_DAYS", default=365, at_least=1)
DORMANT_AFTER_DAYS = env.integer("DORMANT_AFTER_DAYS", default=1826, at_least=1)
EXPIRING_WITHIN_DAYS = env.integer("EXPIRING_WITHIN_DAYS", default=90, at_least=1)
VERIFY_AFTER_DAYS = env.integer("VERIFY_AFTER_DAYS", default=730, at_least=1)
SUGGESTION_CONTACT_DAYS = env.integer("SUGGESTION_CONTACT_DAYS", default=90, at_least=1)
SUGGESTIONS_MOST_WAITING = env.integer("SUGGESTIONS_MOST_WAITING", default=1_000, at_least=1)
DOCUMENT_MAX_BYTES = env.integer("DOCUMENT_MAX_BYTES", default=20 * 1024 * 1024, at_least=1)
DOCUMENT_SCANNER = env.text("DOCUMENT_SCANNER")
IMPORT_MAX_BYTES = env.integer("IMPORT_MAX_BYTES", default=10 * 1024 * 1024, at_least=1)
IMPORT_MAX_ROWS = env.integer("IMPORT_MAX_ROWS", default=20_000, at_least=1)

# --- Rooms --------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    # Lets runserver serve static files the way the real server does.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "simple_history",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "common",
    "cities",
    "agreements",
    "twinning",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # it has its files compressed beforehand
    "twinning.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "twinning.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "twinning.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "twinning.urls"
WSGI_APPLICATION = "twinning.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database -----------------------------------------------------------------------------

# The demonstration has records of its own: nobody finds the story among theirs one day.
RECORDS = "demo" if DEMO else "twinning"
DATABASES = {
    "default": env.database("DATABASE_URL", default=VAR_DIR / f"{RECORDS}.sqlite3", base=BASE_DIR)
}
DATABASES["default"] |= {
    "ATOMIC_REQUESTS": False,
    "CONN_MAX_AGE": env.integer("CONN_MAX_AGE", default=60),
    "CONN_HEALTH_CHECKS": True,
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    database_file = Path(DATABASES["default"]["NAME"])
    database_file.parent.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        # Taking the write lock at BEGIN lets a second writer wait its turn. A transaction that
        # read first and asks for the lock later is refused at once, however long the timeout.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds; Python hands it to SQLite as busy_timeout
        # foreign_keys stands here for the reader: Django turns it on by itself as well.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"
        ),
        **DATABASES["default"].get("OPTIONS", {}),
    }
    # A test database in a file, so that threads meet in it as they do in production.
    DATABASES["default"]["TEST"] = {
        "NAME": str(database_file.with_name(f"test-{database_file.name}"))
    }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache("CACHE_URL")}

# --- People -------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["twinning.accounts.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_RESET_TIMEOUT = 3_600  # seconds

# allauth signs people in by name and password, and asks for the second factor.
ACCOUNT_ADAPTER = "twinning.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "reset_password": "twinning.account_forms.ResetForm",
    "user_token": "twinning.account_forms.ResetTokenForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
# allauth's own generator writes addresses to a table beside the accounts.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser, at the latest after:
SESSION_COOKIE_AGE = 7 * 24 * 3_600
# How often, in what time, counted for whom: an IP address, an account, a name that was typed.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
}
# Proxies between the readers and the server, whose X-Forwarded-For tells the readers apart.
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXIES", default=0)

MFA_REQUIRED = env.boolean("MFA_REQUIRED", default=PRODUCTION)
MFA_ADAPTER = "twinning.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "twinning.account_forms.CodeForm",
    "reauthenticate": "twinning.account_forms.CodeAgainForm",
    "activate_totp": "twinning.account_forms.FirstCodeForm",
    "authenticate_webauthn": "twinning.account_forms.KeyForm",
    "reauthenticate_webauthn": "twinning.account_forms.KeyAgainForm",
    "login_webauthn": "twinning.account_forms.PasskeyForm",
    "add_webauthn": "twinning.account_forms.AddKeyForm",
    "edit_webauthn": "twinning.account_forms.RenameKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # a code of the half minute before and after, for clocks that go wrong

# --- Mail ---------------------------------------------------------------------------------

globals().update(env.mail("EMAIL_URL", default="dummy" if PRODUCTION else "console"))
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.sender("DEFAULT_FROM_EMAIL", host=ALLOWED_HOSTS[0])
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where the links of a digest lead; no request says so to a command.
LOCAL_ADDRESS = f"http://127.0.0.1:{env.text('PORT', '8000')}"
SITE_URL = env.origin("SITE_URL", default="" if PRODUCTION else LOCAL_ADDRESS)
SIMPLE_HISTORY_REVERT_DISABLED = True

# --- Languages and time -------------------------------------------------------------------

# Django's own catalogues translate these names.
LANGUAGES = [("en", "English"), ("fa", "Persian"), ("tg", "Tajik"), ("ru", "Russian")]
LANGUAGE_CODE = env.choice("LANGUAGE_CODE", "en", accepted=dict(LANGUAGES))
# The second holds what Django and the libraries lack in one of these languages, or say badly.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale_libraries"]
TIME_ZONE = env.time_zone("TIME_ZONE", default="UTC")
USE_I18N = True
# Days without the guess whether 06/05 is in May or in June.
FORMAT_MODULE_PATH = "twinning.formats"
USE_TZ = True

# --- Files --------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Outside production the files are served as they lie, without a collectstatic before.
WHITENOISE_USE_FINDERS = not PRODUCTION
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # empty: WhiteNoise warns when there is none
# Uploaded documents have no address of their own: a view asks who may read them.
MEDIA_ROOT = BASE_DIR / env.text("MEDIA_ROOT", f"var/{RECORDS}-media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "common.arriving.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440  # without files, bound by *_MAX_BYTES
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # an agreement of many parties has many inline fields
DATA_UPLOAD_MAX_NUMBER_FILES = 50

# --- Security -----------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

SECURE_SSL_REDIRECT = HTTPS
# Whoever watches the health page asks the server itself, beside the proxy that speaks TLS.
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SILENCED_SYSTEM_CHECKS = [
    # HSTS for subdomains and preloading bind every name beneath the domain, also those that
    # are not the register's. Whoever owns the domain may promise that, in the proxy.
    "security.W005",
    "security.W021",
]

# --- API ----------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    # Every view is read-only, and what it shows is bounded by visible_to(user).
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "URL_FORMAT_OVERRIDE": None,
}

# --- Logs ---------------------------------------------------------------------------------

LOG_LEVEL = env.choice(
    "LOG_LEVEL", "INFO", accepted=["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "twinning.logs.JSONFormatter"},
        "plain": {
            "()": "twinning.logs.PlainFormatter",
            "format": "{levelname} {name}: {message}",
            "style": "{",
        },
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json" if PRODUCTION else "plain",
        },
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
        # Anyone may send a wrong host name, and is answered 400; it needs no traceback each time.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        # The server's own words, at the server's own level (--log-level).
        "gunicorn.error": {"handlers": ["stderr"], "propagate": False},
    },
}
