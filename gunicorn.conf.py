"""Production's server, as `gunicorn twinning.wsgi` finds it; its command line goes before this."""

# Requests wait for the database more than they compute. WEB_CONCURRENCY sets the processes.
threads = 4
control_socket_disable = True

# One JSON object a line. There is no access log: it would name readers by their addresses.
logconfig_dict = {
    "formatters": {"generic": {"()": "twinning.logs.JSONFormatter"}},
    "root": {"handlers": []},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["error_console"], "propagate": False},
        "gunicorn.access": {"handlers": [], "propagate": False},
    },
}
