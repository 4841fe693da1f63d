from __future__ import annotations

from random import Random

from cache.entries import LARGEST_SHARE, OVERHEAD, PLAIN, Entry, Store


def entry(size: int) -> Entry:
    headers = [("Content-Type", "text/html"), ("ETag", 'W/"1"')]
    return Entry(status="200 OK", headers=headers, checked=0, bodies={PLAIN: b"." * (size - OVERHEAD)})


def test_what_was_not_asked_for_longest_makes_room() -> None:
    store = Store(4 * (10_000 + len("a")))
    for name in ("a", "b", "c", "d"):
        store.put((name,), entry(10_000))
    store.get(("a",))
    store.put(("e",), entry(10_000))
    assert [bool(store.get((name,))) for name in "abcde"] == [True, False, True, True, True]


def test_an_answer_that_takes_too_much_of_the_room_is_not_kept() -> None:
    store = Store(40_000)
    store.put(("a",), entry(40_000 // LARGEST_SHARE + 1))
    assert store.get(("a",)) is None
    assert store.bytes == 0


def test_another_answer_takes_the_place_of_the_one_before() -> None:
    store = Store(40_000)
    for size in (5_000, 6_000):
        store.put(("a",), entry(size))
    assert store.bytes == 6_000 + len("a")


def test_the_address_of_an_answer_takes_room_too() -> None:
    store = Store(40_000)
    store.put(("https", "a" * 3_000), entry(5_000))
    assert store.bytes == 8_005


def test_the_bound_holds_whatever_is_kept_compressed_and_forgotten() -> None:
    store, chance = Store(100_000), Random(3)
    held: list[Entry] = []
    for _ in range(2_000):
        match chance.randrange(4):
            case 0 | 1:
                held.append(entry(chance.randrange(OVERHEAD, 40_000)))
                store.put((str(chance.randrange(20)),), held[-1])
            case 2 if held:
                store.compressed(chance.choice(held), chance.choice(["br", "gzip"]))
            case _:
                store.discard((str(chance.randrange(20)),))
        kept = [one for number in range(20) if (one := store.get((str(number),)))]
        assert store.bytes == sum(one.size for one in kept) <= 100_000
    store.clear()
    assert store.bytes == 0
