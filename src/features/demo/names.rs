//! Names as they are in the North East of England: most from there, many from elsewhere. Put together by chance, and
//! nobody's.

use super::dice::Dice;

struct Origin {
    women: &'static [&'static str],
    men: &'static [&'static str],
    surnames: &'static [&'static str],
}

const ORIGINS: &[(&Origin, u32)] = &[
    (&NORTH_EAST, 66),
    (&SOUTH_ASIAN, 9),
    (&EASTERN_EUROPEAN, 6),
    (&AFRICAN, 6),
    (&CARIBBEAN, 3),
    (&IRISH_AND_WELSH, 5),
    (&CHINESE, 2),
    (&ARAB_AND_PERSIAN, 3),
];

const NORTH_EAST: Origin = Origin {
    women: &[
        "Alison",
        "Amy",
        "Angela",
        "Becky",
        "Carol",
        "Charlotte",
        "Cheryl",
        "Claire",
        "Debbie",
        "Donna",
        "Emma",
        "Faye",
        "Gemma",
        "Gillian",
        "Hannah",
        "Hayley",
        "Helen",
        "Jackie",
        "Jan",
        "Jill",
        "Joanne",
        "Julie",
        "Karen",
        "Kate",
        "Kelly",
        "Kerry",
        "Laura",
        "Leanne",
        "Lesley",
        "Linda",
        "Louise",
        "Lucy",
        "Lynn",
        "Maxine",
        "Michelle",
        "Natalie",
        "Nicola",
        "Pauline",
        "Rachel",
        "Ruth",
        "Sally",
        "Samantha",
        "Sandra",
        "Sarah",
        "Sharon",
        "Stacey",
        "Sue",
        "Tracy",
        "Vicky",
        "Wendy",
        "Zoë",
    ],
    men: &[
        "Adam", "Alan", "Andrew", "Ben", "Brian", "Callum", "Carl", "Chris", "Colin", "Craig", "Daniel", "Darren",
        "Dave", "Dean", "Gary", "Gavin", "Geoff", "Graham", "Ian", "Jack", "Jamie", "John", "Keith", "Kevin", "Lee",
        "Liam", "Luke", "Mark", "Martin", "Matthew", "Michael", "Neil", "Nigel", "Paul", "Peter", "Phil", "Rob",
        "Ryan", "Scott", "Simon", "Stephen", "Stuart", "Terry", "Tom", "Tony", "Wayne",
    ],
    surnames: &[
        "Ainsley",
        "Appleby",
        "Armstrong",
        "Bainbridge",
        "Bell",
        "Blenkinsop",
        "Bowes",
        "Brack",
        "Briggs",
        "Calvert",
        "Carr",
        "Charlton",
        "Coates",
        "Corner",
        "Cowell",
        "Craggs",
        "Dixon",
        "Dobson",
        "Dodds",
        "Elliott",
        "Emmerson",
        "Fairless",
        "Fenwick",
        "Foster",
        "Gibson",
        "Gray",
        "Hall",
        "Harker",
        "Hedley",
        "Heslop",
        "Hodgson",
        "Hope",
        "Hudspeth",
        "Hunter",
        "Jobling",
        "Kell",
        "Kirkup",
        "Laidler",
        "Lamplugh",
        "Lowes",
        "Maddison",
        "Marley",
        "Milburn",
        "Moffat",
        "Nesbitt",
        "Nixon",
        "Ord",
        "Pattison",
        "Peverley",
        "Potts",
        "Proud",
        "Raine",
        "Ridley",
        "Robson",
        "Rowell",
        "Shield",
        "Simpson",
        "Snowdon",
        "Stobbart",
        "Storey",
        "Stokoe",
        "Tait",
        "Teasdale",
        "Thirlwell",
        "Trotter",
        "Tulip",
        "Turnbull",
        "Urwin",
        "Wake",
        "Walton",
        "Wardle",
        "Wearmouth",
        "Welford",
        "Whitfield",
        "Wilkinson",
        "Younger",
    ],
};

const SOUTH_ASIAN: Origin = Origin {
    women: &[
        "Amira", "Anjali", "Ayesha", "Farah", "Fatima", "Harpreet", "Meera", "Nadia", "Nasreen", "Priya", "Shabnam",
        "Sunita", "Yasmin", "Zara",
    ],
    men: &[
        "Amir", "Arjun", "Faisal", "Gurdeep", "Imran", "Jaspal", "Kamran", "Manish", "Nadeem", "Rajesh", "Sanjay",
        "Tariq", "Usman", "Vikram",
    ],
    surnames: &[
        "Ahmed", "Akhtar", "Begum", "Chaudhry", "Dhillon", "Gill", "Hussain", "Iqbal", "Kaur", "Khatun", "Malik",
        "Miah", "Nair", "Patel", "Rahman", "Sandhu", "Sharma", "Uddin",
    ],
};

const EASTERN_EUROPEAN: Origin = Origin {
    women: &[
        "Agnieszka",
        "Alina",
        "Daria",
        "Elena",
        "Ewa",
        "Ilona",
        "Kasia",
        "Magda",
        "Monika",
        "Oksana",
        "Simona",
        "Zuzanna",
    ],
    men: &[
        "Adrian",
        "Andrei",
        "Bogdan",
        "Jakub",
        "Łukasz",
        "Marek",
        "Mihai",
        "Oleksandr",
        "Paweł",
        "Petr",
        "Tomasz",
        "Vasile",
    ],
    surnames: &[
        "Bondarenko",
        "Dąbrowski",
        "Horák",
        "Ionescu",
        "Kaczmarek",
        "Kowalczyk",
        "Lis",
        "Mazur",
        "Novák",
        "Petrov",
        "Popescu",
        "Sobczak",
        "Wójcik",
        "Zając",
    ],
};

const AFRICAN: Origin = Origin {
    women: &[
        "Abena", "Adaeze", "Blessing", "Chipo", "Esther", "Folake", "Grace", "Miriam", "Ngozi", "Rahel", "Selam",
        "Tendai",
    ],
    men: &["Abel", "Chidi", "Emeka", "Femi", "Kofi", "Kwame", "Moses", "Samuel", "Tafara", "Tunde", "Yonas", "Yusuf"],
    surnames: &[
        "Abebe", "Achebe", "Adeyemi", "Asante", "Banda", "Chukwu", "Dlamini", "Eze", "Mensah", "Moyo", "Ndlovu",
        "Ogunleye", "Okafor", "Tesfaye",
    ],
};

const CARIBBEAN: Origin = Origin {
    women: &["Althea", "Beverley", "Claudette", "Denise", "Lorna", "Marcia", "Paulette", "Shanice"],
    men: &["Clive", "Delroy", "Devon", "Errol", "Leroy", "Marlon", "Trevor", "Winston"],
    surnames: &["Barrett", "Blake", "Campbell", "Clarke", "Francis", "Grant", "Morgan", "Palmer", "Reid", "Samuels"],
};

const IRISH_AND_WELSH: Origin = Origin {
    women: &["Aoife", "Bronwen", "Carys", "Ceri", "Ciara", "Lowri", "Niamh", "Orla", "Sian", "Sinéad"],
    men: &["Cian", "Conor", "Declan", "Dylan", "Eoin", "Gareth", "Huw", "Padraig", "Rhys", "Seán"],
    surnames: &[
        "Byrne",
        "Donnelly",
        "Gallagher",
        "Griffiths",
        "Kavanagh",
        "Llewellyn",
        "Nolan",
        "O’Brien",
        "O’Neill",
        "Pugh",
        "Quayle",
        "Quinn",
    ],
};

const CHINESE: Origin = Origin {
    women: &["Hui", "Li Na", "Mei", "Suyin", "Wing", "Xin", "Ying"],
    men: &["Bo", "Cheng", "Jun", "Kai", "Ming", "Wei", "Yong"],
    surnames: &["Chan", "Cheung", "Lam", "Leung", "Lin", "Tang", "Wong", "Zhang"],
};

const ARAB_AND_PERSIAN: Origin = Origin {
    women: &["Dalia", "Hanan", "Layla", "Mariam", "Noor", "Parisa", "Rania", "Samira", "Shirin"],
    men: &["Ali", "Basel", "Dariush", "Hassan", "Karim", "Khaled", "Omar", "Reza", "Sami"],
    surnames: &["Abbas", "Aziz", "Darwish", "Farouk", "Haddad", "Hosseini", "Karimi", "Mansour", "Nasser", "Saleh"],
};

/// Of one applicant or a couple.
pub fn names(dice: &mut Dice) -> Vec<String> {
    let origin = dice.weighted(ORIGINS);
    let surname = dice.one_of(origin.surnames);
    let first_is_a_woman = dice.chance(0.78);
    let first = dice.one_of(if first_is_a_woman { origin.women } else { origin.men });
    let mut names = vec![format!("{first} {surname}")];
    if dice.chance(0.45) {
        let theirs = if dice.chance(0.8) { origin } else { dice.weighted(ORIGINS) };
        let is_a_woman = first_is_a_woman == dice.chance(0.12);
        let second = dice.one_of(if is_a_woman { theirs.women } else { theirs.men });
        let second_surname = if dice.chance(0.68) { surname } else { dice.one_of(theirs.surnames) };
        names.push(format!("{second} {second_surname}"));
    }
    names
}
