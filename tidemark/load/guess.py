"""Which encoding bytes that are no UTF-8 look like. A guess, told to people and never acted on."""

from __future__ import annotations

# Letters of the languages of Western Europe; the others of a code page are rare there.
COMMON = "äöüßÄÖÜéèêëÉÈÊàâÀÂçÇîïôûùœáíóúÁÍÓÚñÑãåÅæÆøØ"


def advice(sample: bytes) -> str:
    """What to do about lines that are no UTF-8, as the end of a sentence."""
    guess = likely(sample)
    if guess is None:
        return "say what they are with --encoding"
    relative = " (or windows-1250, from Central Europe)" if guess == "windows-1252" else ""
    return f"they look like {guess}{relative}: load the file with --encoding {guess}"


def likely(sample: bytes) -> str | None:
    """The encoding that lines which are no UTF-8 look like; None: no Western one."""
    scores = {codec: _letters(sample, codec) for codec in ("cp1252", "cp850", "mac-roman")}
    best = max(scores, key=scores.__getitem__)
    if scores[best] <= 0 or list(scores.values()).count(scores[best]) > 1:
        return None
    return {"cp1252": "windows-1252"}.get(best, best)


def _letters(sample: bytes, codec: str) -> int:
    """How much more often high bytes are letters where letters stand, or marks of print, than anything else."""
    text = sample.decode(codec, "replace")
    score = 0
    for before, char, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if char.isascii():
            continue
        if char.isalpha() and char not in "ªºƒµ":
            score += _as_letter(before, char, after) + (char in COMMON)
        else:
            score += 1 if char in "€–—‘’“”„…•°§£«»®©™´ ¿¡½²³" else -3
    return score


def _as_letter(before: str, char: str, after: str) -> int:
    if not (before.isascii() or after.isascii()):
        return -4  # three in a row beyond ASCII: not how the West writes
    if not (before.isalpha() or after.isalpha()):
        return 1
    is_capital_inside = before.isalpha() and char.isupper() and (before.islower() or after.islower())
    return -2 if is_capital_inside or (char.islower() and after.isupper()) else 2
