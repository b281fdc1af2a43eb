"""What names of folders and of parts mean: a part of a set, or one of the people in it."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

Part = Literal["training", "validation", "test"]


def _plain(name: str) -> str:
    """Return a name in lower case and without accents."""
    return "".join(each for each in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(each))


def _words(spelt: str) -> set[str]:
    return set(map(_plain, spelt.split()))


_MEANINGS: dict[str, Part] = {
    **dict.fromkeys(
        _words(
            "train training trainings trainieren trn tr learn learning lernen entrainement entraînement apprentissage "
            "entrenamiento aprendizaje treino treinamento treinar addestramento allenamento opleiding обучение "
            "обучающая обучающий тренировка тренировочная 训练 训练集 訓練 訓練集 学習 トレーニング 학습 훈련"
        ),
        "training",
    ),
    **dict.fromkeys(
        _words(
            "val valid validation validate validating validierung validación validação validazione validatie dev "
            "development publictest валидация валидационная проверка проверочная 验证 验证集 驗證 驗證集 検証 검증"
        ),
        "validation",
    ),
    **dict.fromkeys(
        _words(
            "test tests testing teste tst eval evaluation evaluierung holdout privatetest prüfung essai prueba pruebas "
            "prova prove тест тестовая тестовый тестирование 测试 测试集 測試 測試集 テスト 테스트 시험"
        ),
        "test",
    ),
}
_AROUND = _words(
    "set data dataset split part images image imgs img pictures faces aligned daten datensatz bilder menge jeu "
    "ensemble données de d conjunto datos dados imágenes imagens immagini dati выборка набор данные"
)
"""Words that may stand beside one of them: ``train_images``, ``Test set``."""

_NO_PERSON = _words(
    "fold cv part split set dataset data batch chunk site lab group grp v r version session ses cam camera view day "
    "take trial run exp experiment scene video vid clip level aug augmented augmentation folder dir fer fer2013 "
    "ferplus ck ckplus jaffe kdef raf rafdb affectnet sfew afew expw mmi oulu casme casmeii samm smic img image "
    "images pictures photos faces face size px old new other others misc copy frame frames original originals raw "
    "cropped crop crops aligned resized gray grey color colour rgb bw indoor outdoor front frontal profile left right "
    "side dark light night high low easy hard clean noisy real fake synthetic generated posed spontaneous wild google "
    "bing web internet kaggle male female men women man woman boys girls young adult adults children kids jpg jpeg "
    "png"
)
_NUMBERED = re.compile(r"(?P<word>[^\W\d_]*)[ _.-]*(?P<number>\d{1,8})[a-z]?", re.IGNORECASE)
_PEOPLE = _words("subject subjects subj sub person people participant participants actor proband patient user p s")


def part_of(name: object) -> Part | None:
    """Return which part of a set a name means, None where it means none.

    Parameters
    ----------
    name
        In any case, with words such as "set" and "images" around it, and in the languages that data sets are most
        often named in: ``Train``, ``PublicTest``, ``test_images``, ``Entraînement``.
    """
    words = re.findall(r"[^\W\d_]+", _plain(str(name)))
    for kept in (["".join(words)], [word for word in words if word not in _AROUND]):
        found = {_MEANINGS.get(word.removesuffix("set").removesuffix("data")) for word in kept}
        if len(found) == 1 and None not in found:
            return found.pop()
    return None


def meaning(names: Iterable[object], part: Part) -> list[str]:
    """Return those of the names that mean a part, in their order, each once."""
    return [str(name) for name in dict.fromkeys(names) if part_of(name) == part]


def numbers_a_person(folder: str) -> bool:
    """Tell whether a folder's name is a number, or a word and a number, as people in data sets are called.

    ``P001``, ``S005``, ``sub01``, ``subject_3``, ``subject-a``, ``12`` are; ``fold1``, ``session 2``, ``site a``,
    ``anna`` are not.
    """
    if found := _NUMBERED.fullmatch(folder):
        return _plain(found["word"]) not in _NO_PERSON
    word, _, letter = "-".join(re.split(r"[ _.-]+", _plain(folder))).partition("-")
    return word in _PEOPLE and len(letter) == 1


def may_name_a_person(folder: str) -> bool:
    """Tell whether a folder's name may be that of a person: any but one that says what else it is.

    ``anna`` and ``P001`` may; ``train``, ``fold1``, ``site a``, ``original``, ``48x48`` may not.
    """
    if numbers_a_person(folder):
        return True
    words = re.findall(r"[^\W\d_]+", _plain(folder))
    return not (part_of(folder) or re.search(r"\d", folder) or not words or set(words) & _NO_PERSON)
