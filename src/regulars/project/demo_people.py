"""Invented people of the demo company: names, languages, time zones, birthdays."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from regulars.apps.people.operations import CustomerData
from regulars.apps.people.rules import Birthday

INVENTED = "invented"
"""The attribute that says so, on each of them."""
_SEED = 2469
_NO_YEAR, _NO_BIRTHDAY = 0.3, 0.2
_AGES = {
    "19-24": (19, 24),
    "25-34": (25, 34),
    "35-44": (35, 44),
    "45-54": (45, 54),
    "55-64": (55, 64),
    "65+": (65, 88),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where people with such names live."""

    language: str
    time_zone: str
    weight: int
    women: str
    men: str
    her: str
    his: str
    family_first: bool = False

    def name(self, dice: Random) -> str:
        """A full name."""
        woman = dice.random() < 0.5  # noqa: PLR2004 - half of them
        given = dice.choice((self.women if woman else self.men).split())
        family = dice.choice((self.her if woman else self.his).split())
        return f"{family}{given}" if self.family_first else f"{given} {family}"


_PLACES = (
    _Place(
        language="en",
        time_zone="America/New_York",
        weight=40,
        women="Alice Amelia Beth Carol Clara Daisy Ellen Emma Fiona Grace Hannah Ivy Jane Laura "
        "Lucy Mary Nora Olive Rose Sarah",
        men="Adam Ben Carl Daniel Edward Frank George Harry Ian Jack James Liam Mark Noah Owen "
        "Paul Robert Sam Thomas William",
        her="Baker Barnes Brooks Carter Clark Cooper Davis Evans Fisher Foster Gray Hall Harris "
        "Hill Hughes Kelly Lewis Mason Morris Parker Reed Shaw Turner Walker Wood",
        his="Baker Barnes Brooks Carter Clark Cooper Davis Evans Fisher Foster Gray Hall Harris "
        "Hill Hughes Kelly Lewis Mason Morris Parker Reed Shaw Turner Walker Wood",
    ),
    _Place(
        language="lt",
        time_zone="Europe/Vilnius",
        weight=20,
        women="Austėja Eglė Gabija Giedrė Ieva Jolanta Jurgita Kotryna Lina Milda Ona Rasa Rūta "
        "Simona Ugnė Vaida Viktorija Živilė",
        men="Algirdas Andrius Arūnas Darius Gediminas Jonas Justinas Karolis Kęstutis Linas "
        "Lukas Mantas Mindaugas Petras Rimas Saulius Tomas Vytautas Žygimantas",
        her="Adomaitienė Balčiūnaitė Butkutė Jankauskaitė Kazlauskienė Lukšaitė Petrauskienė "
        "Paulauskaitė Ramanauskaitė Sakalauskienė Šimkutė Stankevičiūtė Urbonienė Vaitkutė "
        "Žukauskaitė",
        his="Adomaitis Balčiūnas Butkus Jankauskas Kazlauskas Lukša Petrauskas Paulauskas "
        "Ramanauskas Sakalauskas Šimkus Stankevičius Urbonas Vaitkus Žukauskas",
    ),
    _Place(
        language="lv",
        time_zone="Europe/Riga",
        weight=15,
        women="Agnese Anna Baiba Dace Elīna Evija Ilze Inga Kristīne Laima Līga Madara Māra "
        "Sanita Santa Zane",
        men="Aigars Andris Artūrs Edgars Gints Guntis Ivars Jānis Juris Kārlis Māris Mārtiņš "
        "Normunds Raivis Toms Valdis",
        her="Bērziņa Balode Eglīte Jansone Kalniņa Kļaviņa Krūmiņa Liepiņa Ozola Ozoliņa "
        "Pētersone Siliņa Vītola Zariņa Zvirbule",
        his="Bērziņš Balodis Eglītis Jansons Kalniņš Kļaviņš Krūmiņš Liepiņš Ozols Ozoliņš "
        "Pētersons Siliņš Vītols Zariņš Zvirbulis",
    ),
    _Place(
        language="ru",
        time_zone="Europe/Riga",
        weight=15,
        women="Александра Анна Вера Дарья Екатерина Елена Ирина Мария Наталья Ольга Полина "
        "Светлана Софья Татьяна Юлия",
        men="Александр Алексей Андрей Борис Виктор Дмитрий Иван Кирилл Максим Михаил Николай "
        "Олег Павел Сергей Юрий",
        her="Иванова Петрова Соколова Попова Лебедева Козлова Новикова Морозова Волкова Зайцева "
        "Павлова Семёнова Голубева Виноградова Щукина",
        his="Иванов Петров Соколов Попов Лебедев Козлов Новиков Морозов Волков Зайцев Павлов "
        "Семёнов Голубев Виноградов Щукин",
    ),
    _Place(
        language="zh-hans",
        time_zone="Asia/Shanghai",
        weight=10,
        women="芳 娜 敏 静 丽 秀英 雪梅 婷婷 晓燕 玉兰 思雨 佳怡",
        men="伟 强 磊 军 洋 勇 杰 建国 志强 俊杰 浩然 子轩",
        her="王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 林",
        his="王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 林",
        family_first=True,
    ),
)


def invent(id_: str, known: Mapping[str, str | None], year: int) -> CustomerData:
    """A customer of an id: the same for the same id, in whatever order they are asked for.

    >>> invent("900", {}, 2026) == invent("900", {}, 2026)
    True

    Args:
        id_: The household of the data set.
        known: What the data set tells of it: kept as attributes.
        year: The current year; ages of the data set become years of birth.
    """
    dice = Random(f"{_SEED}:{id_}")  # noqa: S311 - nothing is secret about inventions
    place = dice.choices(_PLACES, [one.weight for one in _PLACES])[0]
    told = {name: value for name, value in known.items() if value is not None}
    return CustomerData(
        id=id_,
        name=place.name(dice),
        language=place.language,
        time_zone=place.time_zone,
        birthday=_birthday(dice, told.get("age"), year),
        attributes=told | {INVENTED: True},
    )


def _birthday(dice: Random, age: str | None, year: int) -> Birthday | None:
    youngest, oldest = _AGES.get(age or "", (19, 88))
    born = year - dice.randint(youngest, oldest)
    month, day = dice.randint(1, 12), dice.randint(1, 31)
    kind = dice.random()
    if kind < _NO_BIRTHDAY:
        return None
    birthday = Birthday(month, day, None if kind < _NO_BIRTHDAY + _NO_YEAR else born)
    # the 30th of February becomes the 28th
    return birthday if birthday.exists else Birthday(month, 28, birthday.year)
