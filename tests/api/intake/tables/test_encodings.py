"""In which encoding a table is read: it is the right one, or the file is refused with the cell and the cure."""

import time

import pytest

from api.intake.parsed import UnreadableFile
from api.intake.tables.csv_file import read_csv
from tests.api.intake.outcomes import refusal_of

HEAD = "key,name,manufacturer,quantity\n"
TEXTS = {
    "Dutch": "1,Behuizing één stuk,Fabriek Één,4\n2,Geïsoleerde draad,Coördinaat,2\n",
    "German": "1,Gehäuse für Motor,Müller GmbH,4\n2,Schlüsselschraube Größe M3,Bär & Söhne,2\n",
    "French": "1,Boîtier équipé,Société Générale d'Électronique,4\n2,Pièce à usiner,Exemple,2\n",
    "Spanish": "1,Batería,Español Ejemplo,1\n2,Señal,Compañía,1\n",
    "Swedish": "1,Mått för kåpa,Exempel AB,3\n",
    "Danish": "1,Rør til køling,Prøve A/S,3\n",
    "Polish": "1,Złącze śrubowe,Przykład Łódź,4\n2,Obudowa żółta,Zakład Źródło,1\n",
    "Czech": "1,Konektor s připojením,Příklad s.r.o.,4\n2,Šroub měděný,Vzorový závod,2\n",
    "Hungarian": "1,Csatlakozó gömbölyű,Példa Műszer Kft.,4\n2,Erősítő,Minta Kft.,2\n",
    "Chinese": "1,开关二极管,示例科技,4\n",
    "Taiwanese": "1,開關二極體,範例科技,4\n2,電容器,台灣電子,3\n",
    "Japanese": "1,コンデンサ,サンプル電子株式会社,4\n2,抵抗器,見本工業,1\n",
    "Korean": "1,저항기,예시전자,4\n2,배터리,한국,1\n",
    "Russian": "1,Разъём питания,Пример,4\n2,Двигатель,Завод,2\n",
    "Ukrainian": "1,Двигун безколекторний,Зразок,4\n2,Акумулятор ємність,Завод Київ,2\n",
    "signs": "1,Capacitor 10 µF ±5 %,Example,4\n2,Sensor 25 °C,Example,1\n",
    "Greek": "1,Κινητήρας,Παράδειγμα,4\n",
    "Turkish": "1,Bağlantı şaftı,Örnek Şirketi,4\n",  # noqa: RUF001
}
ENCODED = [
    *((language, "cp1252") for language in ("Dutch", "German", "French", "Spanish", "Swedish", "Danish", "signs")),
    *((language, "mac_roman") for language in ("Dutch", "German", "French", "Spanish", "Swedish", "Danish")),
    *((language, "cp1250") for language in ("Polish", "Czech", "Hungarian", "German")),
    *((language, "cp1251") for language in ("Russian", "Ukrainian")),
    ("Polish", "iso8859_2"), ("Russian", "koi8_r"), ("Russian", "mac_cyrillic"), ("Greek", "cp1253"),
    ("Turkish", "cp1254"), ("Chinese", "gbk"), ("Chinese", "gb18030"), ("Taiwanese", "big5"), ("Japanese", "shift_jis"),
    ("Japanese", "euc_jp"), ("Korean", "euc_kr"),
    *((language, form) for language in TEXTS for form in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")),
]  # fmt: skip


def names(raw: bytes) -> list[str]:
    return [line.component["name"] + line.component["manufacturer"] for line in read_csv(raw).lines]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(("language", "encoding"), ENCODED)
def test_text_in_any_usual_encoding_is_read_as_it_was_written(language: str, encoding: str, separator: str) -> None:
    text = (HEAD + TEXTS[language]).replace(",", separator)
    assert names(text.encode(encoding)) == names(text.encode())


@pytest.mark.parametrize(("text", "encoding", "label"), [
    (HEAD, "ascii", "UTF-8"), ("\ufeff" + HEAD, "utf-8", "UTF-8"), ("\ufeff" + HEAD, "utf-16-be", "UTF-16"),
    (HEAD, "utf-16-be", "UTF-16BE"), (HEAD + TEXTS["Chinese"], "gbk", "GB18030"),
    (HEAD + TEXTS["Czech"], "cp1250", "Windows-1250"),
])  # fmt: skip
def test_the_report_says_which_encoding_it_is(text: str, encoding: str, label: str) -> None:
    assert read_csv(text.encode(encoding)).encoding == label


@pytest.mark.parametrize("cut", [b"\xc3", b"\xa9", b"\xff", b"\xe2\x82"])
def test_one_cut_character_in_utf_8_is_refused_with_its_cell(cut: bytes) -> None:
    raw = (HEAD + '1,"Één\nregel",Fabriek,4\n').encode() + b"2,Caf" + cut + b",X,1\n"
    assert refusal_of(raw).startswith("cell B3 holds a byte that is not UTF-8, as the rest of the file is")
    assert refusal_of(raw).endswith("; save it as CSV in UTF-8")


def test_one_cut_character_alone_is_refused() -> None:
    assert "save it as CSV in UTF-8" in refusal_of(HEAD.encode() + b"2,Caf\xc3,X,1\n")


@pytest.mark.parametrize("text", ["1,Pièce,Exemple,4\n", "1,Pičce,Exemple,4\n"])
def test_text_that_can_be_two_things_is_refused_with_both(text: str) -> None:
    detail = refusal_of((HEAD + text).encode("cp1250" if "č" in text else "cp1252"))
    assert detail.startswith(
        "cell B2 is 'Pièce' if the file is Windows-1252 and 'Pičce' if it is Windows-1250, and which "
    )


def test_what_is_in_doubt_only_in_a_column_that_is_not_read_is_read() -> None:
    raw = (HEAD.replace("manufacturer", "remark") + "1,Motor,Pièce,4\n").encode("cp1252")
    assert [line.component["name"] for line in read_csv(raw).lines] == ["Motor"]


def test_text_in_no_known_encoding_is_refused_with_the_cure() -> None:
    detail = refusal_of((HEAD + "1,มอเตอร์,ตัวอย่าง,1\n").encode("cp874"))
    assert detail.startswith("the file is not UTF-8, and its text is not readable in any of the other encodings")


def test_bytes_that_are_not_in_the_stated_charset_are_refused_with_their_cell() -> None:
    with pytest.raises(UnreadableFile, match="cell B2 holds bytes that are not UTF-8, which the file is said"):
        read_csv((HEAD + TEXTS["German"]).encode("cp1252"), "utf-8")


@pytest.mark.parametrize("encoding", ["cp1252", "gbk"])
def test_a_hundred_thousand_lines_are_recognised_in_bounded_time(encoding: str) -> None:
    text = TEXTS["German" if encoding == "cp1252" else "Chinese"].splitlines()[0]
    raw = (HEAD + "".join(f"{number},{text[2:]}\n" for number in range(100_000))).encode(encoding)
    start = time.process_time()
    read_csv(raw)
    assert time.process_time() - start < 10
