"""Where each model is known to fail, in words: what its formula or its data cannot know.

The scores of a card tell how much is wrong, these sentences what. They go by the key of the
coefficients; a league of a user's own has none.
"""

from __future__ import annotations

from collections.abc import Mapping

_NO_BALL = (
    "Live nobody tells it who has the ball, as some files of past games do: with one possession"
    " between the sides in the last half minute its price is the average of both cases."
)
_STARTERS = "Fouls on purpose, players sent off or injured, and starters rested in a lost game."
_TRY = (
    "The try after a touchdown: between the two the lead counts six points, as if no seventh"
    " was to come. Tries for two points and onside kicks are in no part of it."
)
_KEY_MARGINS = (
    "Key margins: that games end by 3 and by 7 is known of the drive in progress alone; what"
    " comes after it is a normal, by which leads of 3 and 4 are nearly the same."
)
_FIVE = (
    "Best of five sets: the files have no match that went to a fifth set, so that such matches"
    " are neither fitted nor judged here; the formula is the same."
)
_PLAYERS = (
    "Who serves well, the surface, an injury, a retirement to come. The points of a game are"
    " not in the feed: at 40-0 and at 0-40 the price is that of the game's start."
)
_OLD_TENNIS = (
    "The ten points of the tie break that ends a deciding set at the Grand Slams count as"
    " seven, and matches after 2015 are not in the files."
)
_NINETY = (
    "Added time is its average. Eleven missing for an injury after the last change, a penalty"
    " about to be taken and a goal under review are not known: the market is ahead of the board"
    " there."
)

WEAK_SPOTS: Mapping[str, tuple[str, ...]] = {
    "nba": (
        _NO_BALL,
        _STARTERS,
        "Overtime: 145 games. The strengths of the sides are as at the end of regulation.",
    ),
    "wnba": (
        (
            "The files have the ends of quarters only: what leads are worth in between, and"
            " above all in the last minutes, is the NBA's."
        ),
        (
            "596 games, and priors from ratings that start anew in 2024 instead of betting"
            " lines: a calibration error of 0.03 is what chance gives, so that no better one"
            " can be told."
        ),
        (
            "The women's college game borrows these coefficients, and has 40 minutes as the"
            " WNBA, but more games without a contest: such prices are named `fallback:`."
        ),
    ),
    "ncaamb": (
        _NO_BALL,
        (
            "Games without a betting line, a third of them: live the prior is how often home"
            " won such games, and nothing tells a visit of a small college from a game of the"
            " conference. In files with days and teams their strengths are rated by the earlier"
            " games of the file, as in 2018 here, but not in 2017, whose days are not known."
        ),
        ("The files do not tell neutral grounds; live it is told, and the rate is then one half."),
    ),
    "nfl": (
        _KEY_MARGINS,
        _TRY,
        (
            "Overtime: the order of possessions is not in the feed, and the rules by which"
            " both sides get the ball (play-offs since 2022, all games since 2025) came after"
            " these games."
        ),
        ("No plays after 2015 but for play-offs: kickoffs and fourth downs are other ones now."),
    ),
    "cfb": (
        (
            "One season, 865 games: in the last weeks of it, held out here, favourites won"
            " more than their prices: 0.857 at 0.833, and those of the published probability"
            " 0.849 at 0.819."
        ),
        "Overtime: the files have no state of it. Its numbers are round ones.",
        _KEY_MARGINS,
        _TRY,
    ),
    "nhl": (
        (
            "Empty nets and penalties: the feed has neither, so that in the last three minutes"
            " the price is the average of a pulled and an unpulled goalkeeper, and a two-"
            "minute power play is priced as even."
        ),
        "Overtime and the shoot-out are nearly a coin: 222 games say no more.",
        "The priors are ratings that start cold in 2018; a market's are better.",
    ),
    "mlb": (
        (
            "The bottom of the ninth and extra innings: the pitcher who closes, the batters"
            " due and a runner for a slow one are not known, and where each run decides they"
            " matter most."
        ),
        (
            "The runner on second of extra innings since 2020 is younger than the files: that"
            " part is the formula alone."
        ),
        "A starter who leaves early: the prior fades by the inning, not by who pitches.",
    ),
    "soccer": (
        _NINETY,
        (
            "Fitted to five leagues with closing odds; for the other leagues and the cups of"
            " clubs it is the same, and nobody has judged it there."
        ),
        ("A side that needs two goals or nothing (second legs, last match days) plays otherwise."),
    ),
    "soccer_intl": (
        _NINETY,
        (
            "All coefficients are those of clubs, which did as well on internationals as their"
            " own (log loss 0.5915 against 0.5919): red cards are not in the files."
        ),
        "Friendlies with many changes, and the ratings: a market's prior is better.",
    ),
    "atp": (
        _FIVE,
        _PLAYERS,
        _OLD_TENNIS,
    ),
    "wta": (
        (
            "In 2015 the player who is named first, who served first, won 0.488 of the matches at"
            " priors of 0.505, and 0.468 of 894 deciding sets at prices of 0.509. It is so with"
            " and without ratings, in most months and on all grounds, and no result is at odds with"
            " the last score of its match. Earlier years have nothing of it: it is taken as chance."
        ),
        _PLAYERS,
        _OLD_TENNIS,
    ),
    "cricket_ipl": (
        (
            "No scoreboard of cricket is read and no market of it is matched: the coefficients are"
            " for games of the past, and no live price comes of them."
        ),
        (
            "The level of scores: it rose by twelve runs in 2023, the last season of the files, and"
            " how far it went on rising the price learns from the earlier matches of a file alone."
        ),
        (
            "The ground, dew, who is in and who has overs left. A match that rain has shortened is"
            " not in the files; a level chase is a coin."
        ),
    ),
}
