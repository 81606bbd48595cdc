"""The project as Django loads it, in every process alike: once all apps are there, it is wired."""

from typing import override

from django.apps import AppConfig


class Project(AppConfig):
    """The only place that sees everything."""

    name = "regulars.project"
    label = "project"

    @override
    def ready(self) -> None:
        from regulars.project.wiring import wire  # noqa: PLC0415 - it needs every app's models

        wire()
