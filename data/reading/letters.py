"""Which encoding makes words: letters, languages and scripts judged by how they stand together."""

import re
from itertools import pairwise

COMMON: tuple[tuple[str, float], ...] = (
    ("éèàçùâêîôûëïüöäßñáíóúåøæ", 1.0),
    ("ÉÈÀÇÂÊÎÔÜÖÄÑÁÍÓÚÅØÆ", 0.6),
    ("ãõìòýÃÕ", 0.3),
    ("€£°²³µ–—’‘“”…•«»§©®™\u00a0", 0.5),
    ("ăâîșțşţ", 0.9),
    ("łąęćńśźżčšžřěďťňůőűđ", 0.8),
    ("ĂŞŢȘȚŁĄĘĆŃŚŹŻČŠŽŘĚĎŤŇŮŐŰĐ", 0.5),
    ("ğıİŞ", 0.85),
    ("āēīūļķģņėįų", 0.7),
)
"""Letters beyond ASCII that words are made of, with their weight."""

LANGUAGES = tuple(
    frozenset(letters)
    for letters in (
        "éèàçùâêîôûëïüÿœæ", "äöüßéèà", "ñáíóúüéàèìòùâêîôûç", "ãõçáâàéêíóôúü", "åäöæøéèüáíóúðþýšž",
        "éëïóüèáíúöä", "ąćęłńóśźż", "áäčďéěíĺľňóôŕřšťúůýž", "áéíóöőúüű", "ăâîșşțţ", "čćđšž",
        "çğıöşüâîû", "ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž", "ëç", "éàèíïòóúüç",
    )
)  # fmt: skip
"""Accented letters by language: French, German, Spanish and Italian, Portuguese, Nordic, Dutch,
Polish, Czech and Slovak, Hungarian, Romanian, Croatian, Turkish, Lithuanian, Latvian, Estonian,
Albanian, Catalan."""

WEIGHT = {letter: weight for letters, weight in reversed(COMMON) for letter in letters}

IN_PLACE = re.compile(
    r"(?<=[a-zà-ÿ])’(?=[a-zà-ÿ])|(?:^|(?<=[\s,;|(\"]))[“‘«](?=\w)|(?<=[\w.!?])[”’»](?=[\s,;|.)\"]|$)"
    r"|(?<=[ \d])[–—](?=[ \d])|€(?= ?\d)|(?<=\d) ?€|(?<=[\d ])°(?=C)",
    re.MULTILINE,
)
"""Quotes, dashes and signs where people write them."""

WORD = re.compile(r"[^\W\d_]+")


def score(text: str) -> float:
    """Return how much the non-ASCII characters look like words, from -1 to 1."""
    found = [letter for letter in text if ord(letter) > 127]
    if not found:
        return 0.0
    total = -0.4 * len(found) if _is_of_no_language(found) else 0.0
    total += sum(WEIGHT.get(letter, _other(letter)) for letter in found)
    total += 0.7 * len(re.findall("ã[oe]|õe", text)) + 0.6 * len(IN_PLACE.findall(text))
    total -= sum(_oddity(word) for word in WORD.findall(text) if not word.isascii())
    total -= 1.5 * len(
        re.findall(
            r"(?<=[^\W\d_])[^\w\s.,;:'’\"|/()\-–\u00a0€&*+\t\u0e00-\u0e7f](?=[^\W\d_])", text
        )
    )
    total -= 1.2 * len(re.findall(r"(?<=[a-zà-ÿ])[ºª¹²³](?=[a-z])", text))
    return total / len(found)


def _is_of_no_language(found: list[str]) -> bool:
    """Whether the accented letters of a text stand together in no language."""
    accented = {one for one in "".join(found).lower() if 0xC0 <= ord(one) < 0x250} - {"×", "÷"}
    return bool(accented) and not any(accented <= letters for letters in LANGUAGES)


def _other(letter: str) -> float:
    code = ord(letter)
    if 0x400 <= code < 0x460:
        usual = 0.9 if letter.lower() not in "ъщэфцжшю" else 0.55
        return usual if 0x410 <= code < 0x450 else 0.3
    if 0x370 <= code < 0x400 or 0x590 <= code < 0x700 or 0xE00 <= code < 0xE80:
        return 0.8
    if 0x80 <= code < 0xA0 or 0x2500 <= code < 0x25A0:
        return -2.0
    return -0.3 if letter.isalpha() else -0.6


def _oddity(word: str) -> float:
    """Return how little a word looks like one: scripts mixed, case inside, runs of accents."""
    alone = len(word) == 1 and word not in "àáèéíóôùïöÅ"
    odd = (1.2 if ord(word[0]) >= 0x370 else 0.7) if alone else 0.0
    foreign = [one for one in word if ord(one) > 127]
    latin = any(ord(one) < 0x250 for one in word)
    if latin and any(0x370 <= ord(one) < 0x700 for one in foreign):
        odd += 2.0 * len(foreign)
    odd += 1.5 * sum(a.islower() and b.isupper() for a, b in pairwise(word))
    if all(ord(one) < 0x250 for one in word) and len(foreign) > 2:
        odd += 0.8 * sum(ord(a) > 127 and ord(b) > 127 for a, b in pairwise(word))
    odd += _script_oddity(word.lower())
    odd += 0.9 * len(re.findall(r"ã(?![oesn])\w|ăo|ăe|þ|ð(?!\w)", word))
    return odd


def _script_oddity(word: str) -> float:
    """Return how little a word fits its script: Hebrew and Russian share bytes, not habits."""
    odd = 1.5 * len(re.findall("[ךםןףץ](?=[א-ת])", word))
    if re.fullmatch("[а-яёіїєґ]+", word):
        odd += 1.0 if len(word) > 2 and not re.search("[аеёиоуыэюяіїє]", word) else 0.0
        odd += 1.2 if word[0] in "ъьы" else 0.0
        odd += 0.8 * len(re.findall("[бвгджзклмнпрстфхцчшщ]й", word))
    if re.fullmatch("[ά-ώΰΐϊϋ]+", word):
        odd += 1.5 * len(re.findall("ς(?=.)|^[ϊϋΰΐ]", word))
        odd += 0.8 if len(word) > 2 and not re.search("[άέήίόύώΐΰ]", word) else 0.0
    return odd


def wide_score(text: str, sample: bytes, name: str) -> float:
    """Judge an encoding of pairs: common characters, few failures, none glued to ASCII letters."""
    wide = [letter for letter in text if ord(letter) > 127]
    if len(wide) < 2:
        return -1.0
    lost = len(sample) - len(text.encode(name, errors="ignore"))
    glued = len(re.findall(r"[A-Za-z][\u3000-\uffff]|[\u3000-\uffff][a-z]", text))
    kana = sum(0x3040 <= ord(one) < 0x3100 for one in wide)
    hangul = sum(0xAC00 <= ord(one) < 0xD7A4 for one in wide)
    han = sum(0x4E00 <= ord(one) < 0xA000 for one in wide)
    half = sum(0xFF61 <= ord(one) < 0xFFA0 for one in wide)
    good = kana * 1.2 + hangul * 1.0 + han * 0.95 - half * 0.5
    if name == "gb18030":
        good -= 0.6 * (han - sum(0xB0 <= one[0] <= 0xD7 for one in _pairs(text)))
    good += 0.5 * len(wide) if kana and name in {"shift_jis", "euc-jp"} else 0.0
    return (good - 2.0 * glued - 3.0 * lost - (len(wide) - kana - hangul - han) * 0.2) / len(wide)


def _pairs(text: str) -> list[bytes]:
    return [one.encode("gb18030") for one in text if 0x4E00 <= ord(one) < 0xA000]
