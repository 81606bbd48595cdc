"""What a web server runs."""

import os

from django.core.wsgi import get_wsgi_application

from regulars.project.environment import read_metrics

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.project.settings")

application = get_wsgi_application()
"""Answers requests; its figures have a port of their own, where the environment names one."""

from regulars.interfaces.metrics import serve_metrics  # noqa: E402 - it reads tables

if (_metrics := read_metrics(os.environ)) is not None:
    serve_metrics(*_metrics)
