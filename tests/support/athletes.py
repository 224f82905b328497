"""Names of real athletes as a scoreboard writes them, with what makes them hard to match."""

from __future__ import annotations

ATP = """
Carlos Alcaraz|Jannik Sinner|Novak Djokovic|Alexander Zverev|Taylor Fritz|Ben Shelton|Jack Draper
Alex de Minaur|Lorenzo Musetti|Holger Rune|Casper Ruud|Andrey Rublev|Karen Khachanov|Daniil Medvedev
Felix Auger-Aliassime|Jakub Mensik|Tommy Paul|Frances Tiafoe|Alexander Bublik|Jiri Lehecka
Francisco Cerundolo|Juan Manuel Cerundolo|Alejandro Davidovich Fokina|Pablo Carreno Busta
Botic van de Zandschulp|Tallon Griekspoor|Ugo Humbert|Gael Monfils|Arthur Fils|Arthur Rinderknech
Stefanos Tsitsipas|Petros Tsitsipas|Roberto Bautista Agut|Tomas Martin Etcheverry|Sebastian Baez
Jan-Lennard Struff|Yannick Hanfmann|Matteo Berrettini|Jacopo Berrettini|Luciano Darderi
Flavio Cobolli|Matteo Arnaldi|Lorenzo Sonego|Zizou Bergs|David Goffin|Alexandre Muller
Giovanni Mpetshi Perricard|Zhizhen Zhang|Yunchaokete Bu|Juncheng Shang|Soonwoo Kwon|Yibing Wu
Thiago Seyboth Wild|Joao Fonseca|Miomir Kecmanovic|Laslo Djere|Hamad Medjedovic|Borna Coric
Marin Cilic|Mackenzie McDonald|Christopher O'Connell|J.J. Wolf|Christopher Eubanks|Sebastian Korda
"""
WTA = """
Aryna Sabalenka|Iga Swiatek|Coco Gauff|Jessica Pegula|Madison Keys|Jasmine Paolini|Elena Rybakina
Mirra Andreeva|Erika Andreeva|Qinwen Zheng|Xinyu Wang|Xiyu Wang|Yafan Wang|Qiang Wang|Xinyu Gao
Shuai Zhang|Lin Zhu|Yue Yuan|Marketa Vondrousova|Petra Kvitova|Karolina Muchova|Barbora Krejcikova
Katerina Siniakova|Linda Noskova|Linda Fruhvirtova|Brenda Fruhvirtova|Karolina Pliskova
Kristyna Pliskova|Beatriz Haddad Maia|Jessica Bouzas Maneiro|Sara Sorribes Tormo
Elena-Gabriela Ruse|Jaqueline Cristian|Sorana Cirstea|Irina-Camelia Begu|Anhelina Kalinina
Marta Kostyuk|Elina Svitolina|Lesia Tsurenko|Dayana Yastremska|Ekaterina Alexandrova
Anastasia Potapova|Diana Shnaider|Daria Kasatkina|Ons Jabeur|Emma Navarro|Danielle Collins
Caty McNally|Katie Volynets|Katie Boulter|Emma Raducanu|Sonay Kartal|Clara Tauson|Naomi Osaka
"""
UFC = """
Ilia Topuria|Aleksandre Topuria|Islam Makhachev|Alexander Volkanovski|Alex Pereira|Michel Pereira
Magomed Ankalaev|Khalil Rountree Jr.|Jiri Prochazka|Jan Blachowicz|Tom Aspinall|Ciryl Gane
Dricus Du Plessis|Khamzat Chimaev|Sean Strickland|Sean O'Malley|Merab Dvalishvili|Umar Nurmagomedov
Zhang Weili|Yan Xiaonan|Song Yadong|Su Mudaerji|Aori Qileng|Rongzhu|Cong Wang|Valentina Shevchenko
Antonina Shevchenko|Manon Fiorot|King Green|Dan Hooker|Benoit Saint Denis|Ian Machado Garry
Michael Page|Waldo Cortes Acosta|Rafael dos Anjos|Kai Kara-France|Brandon Royval|Joshua Van
"""


def names(table: str) -> list[str]:
    """Return the names of a table."""
    return [name.strip() for name in table.replace("\n", "|").split("|") if name.strip()]


OTHER_SPELLINGS = {
    "Iga Swiatek": "Iga Świątek",
    "Novak Djokovic": "Novak Đoković",
    "Petra Kvitova": "Petra Kvitová",
    "Marketa Vondrousova": "Markéta Vondroušová",
    "Pablo Carreno Busta": "Pablo Carreño Busta",
    "Felix Auger-Aliassime": "Félix Auger Aliassime",
    "Alexandre Muller": "Alexandre Müller",
    "Xinyu Wang": "Wang Xin Yu",
    "Xiyu Wang": "Wang Xiyu",
    "Qinwen Zheng": "Zheng Qinwen",
    "Soonwoo Kwon": "Kwon Soon-woo",
    "Yunchaokete Bu": "Bu Yunchaokete",
    "Juncheng Shang": "Jerry Shang",
    "J.J. Wolf": "J J Wolf",
    "Andrey Rublev": "Andrei Rublev",
    "Juan Manuel Cerundolo": "Juan Cerundolo",
    "Caty McNally": "Catherine McNally",
    "Christopher Eubanks": "Chris Eubanks",
    "Khalil Rountree Jr.": "Khalil Rountree",
    "Jiri Prochazka": "Jiří Procházka",
    "Zhang Weili": "Weili Zhang",
    "Su Mudaerji": "Sumudaerji",
    "King Green": "Bobby Green",
    "Dan Hooker": "Daniel Hooker",
    "Ian Machado Garry": "Ian Garry",
    "Benoit Saint Denis": "Benoit St. Denis",
    "Michael Page": 'Michael "Venom" Page',
}


def surname(name: str) -> str:
    """Return what a market calls an athlete for short."""
    given, _, rest = name.partition(" ")
    return rest.replace(" Jr.", "") or given
