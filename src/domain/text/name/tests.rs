//! Names as they stand in other people’s files.

use super::*;

#[test]
fn couples_are_split_and_share_their_surname() {
    for (cell, names) in [
        ("Priya Nair / Tom Reed", &["Priya Nair", "Tom Reed"][..]),
        ("Alexander Heslop/Yusuf Thackray ", &["Alexander Heslop", "Yusuf Thackray"]),
        ("Dave and Sue Harker", &["Dave Harker", "Sue Harker"]),
        ("Dave AND Sue Harker", &["Dave Harker", "Sue Harker"]),
        ("Dave & Sue Harker", &["Dave Harker", "Sue Harker"]),
        ("Dave&Sue Harker", &["Dave Harker", "Sue Harker"]),
        ("Dave + Sue Harker", &["Dave Harker", "Sue Harker"]),
        ("Sue Harker and Dave", &["Sue Harker", "Dave Harker"]),
        ("Dave Harker\nSue Reed", &["Dave Harker", "Sue Reed"]),
        ("HARKER, Sue & Dave", &["Sue Harker", "Dave Harker"]),
        ("O'Neill, Beth & Callum", &["Beth O'Neill", "Callum O'Neill"]),
        ("HARKER, Sue & REED, Tom", &["Sue Harker", "Tom Reed"]),
        ("HARKER, Sue & Tom Reed", &["Sue Harker", "Tom Reed"]),
        ("Smith, Ann and Jones, Bob", &["Ann Smith", "Bob Jones"]),
        ("Ann Smith, Bob Jones", &["Ann Smith", "Bob Jones"]),
        ("Ann Smith, Bob Jones & Cy Young", &["Ann Smith", "Bob Jones", "Cy Young"]),
        ("Ann, Bob & Cy Harker", &["Ann Harker", "Bob Harker", "Cy Harker"]),
        ("Siobhán Ní Bhriain and Seán Ó’Dálaigh", &["Siobhán Ní Bhriain", "Seán Ó’Dálaigh"]),
        ("Ana & Luis de la Cruz", &["Ana de la Cruz", "Luis de la Cruz"]),
        ("Bob & Sue", &["Bob", "Sue"]),
        ("O'Neill/Byrne", &["O'Neill", "Byrne"]),
        ("Gemma and Zbigniew Wójcik", &["Gemma Wójcik", "Zbigniew Wójcik"]),
    ] {
        assert_eq!(split(cell).names, names, "{cell}");
    }
}

#[test]
fn one_person_is_one_person() {
    for (cell, name) in [
        ("Sandra Brandon", "Sandra Brandon"),
        ("Alexander Holland", "Alexander Holland"),
        ("Andy Anderton", "Andy Anderton"),
        ("Smith-Jones, Ann", "Ann Smith-Jones"),
        ("HESLOP, Stacey", "Stacey Heslop"),
        ("O'NEILL, SIOBHÁN", "SIOBHÁN O'Neill"),
        ("MCDONALD, Iain", "Iain McDonald"),
        ("ADEYEMI, Łukasz", "Łukasz Adeyemi"),
        ("Ní Bhriain, Siobhán", "Siobhán Ní Bhriain"),
        ("van der Berg, Anna Maria", "Anna Maria van der Berg"),
        ("García Márquez, Ana", "Ana García Márquez"),
        ("  Zoë   Hussain ", "Zoë Hussain"),
        ("Róisín\u{a0}Vipond", "Róisín Vipond"),
        ("?ukasz Wi?niewski", "?ukasz Wi?niewski"),
        ("Harker", "Harker"),
    ] {
        assert_eq!(split(cell).names, [name], "{cell}");
    }
}

#[test]
fn titles_go_unless_only_a_surname_remains() {
    for (cell, names) in [
        ("Ms Hannah Elstob", &["Hannah Elstob"][..]),
        ("Dr. A. Khan", &["A. Khan"]),
        ("Rev Dr A Khan", &["A Khan"]),
        ("Mrs Lamplugh", &["Mrs Lamplugh"]),
        ("Mr & Mrs Lamplugh", &["Mr Lamplugh", "Mrs Lamplugh"]),
        ("Mr. and Mrs. Lamplugh", &["Mr. Lamplugh", "Mrs. Lamplugh"]),
        ("Mr/Mrs Lamplugh", &["Mr Lamplugh", "Mrs Lamplugh"]),
        ("Lamplugh, Mr & Mrs", &["Mr Lamplugh", "Mrs Lamplugh"]),
        ("Mr and Mrs J Smith", &["J Smith", "Mrs Smith"]),
        ("Mr & Mrs Olu and Rhys Hindmarsh", &["Olu Hindmarsh", "Rhys Hindmarsh"]),
        ("Mr Dave and Mrs Sue Harker", &["Dave Harker", "Sue Harker"]),
        ("Mr Smith & Ms Jones", &["Mr Smith", "Ms Jones"]),
        ("HARKER, Mrs Sue", &["Sue Harker"]),
    ] {
        assert_eq!(split(cell).names, names, "{cell}");
    }
}

#[test]
fn remarks_leave_the_name() {
    let found = split("Karen Dodd (Low Fold)");
    assert_eq!((found.names, found.remarks), (vec!["Karen Dodd".to_owned()], vec!["Low Fold".to_owned()]));
    let found = split("Ann Smith & partner");
    assert_eq!((found.names, found.remarks), (vec!["Ann Smith".to_owned()], vec!["partner".to_owned()]));
    assert_eq!(split("Ann Smith + 2 children").remarks, ["2 children"]);
    assert_eq!(split("Ann Smith & ?").names, ["Ann Smith"]);
    assert_eq!(split("Minh Son & Ann Child").names, ["Minh Son", "Ann Child"]);
    assert_eq!(split("Margaret (Maggie) Coulson").names, ["Margaret Coulson"]);
    assert_eq!(split("((x) y) Ann Lee").names, ["Ann Lee"]);
    assert_eq!(split("Ann :) Lee (").names, ["Ann :) Lee ("]);
}

#[test]
fn what_other_programs_and_families_write_beside_a_name_is_told_from_it() {
    for (cell, names, remarks, odd) in [
        ("A & B", &["A", "B"][..], &[][..], true),
        ("Ann Bell &amp; Bob Cole", &["Ann Bell", "Bob Cole"], &[], false),
        ("Ann O&#39;Neill &amp; Bob", &["Ann O'Neill", "Bob O'Neill"], &[], false),
        ("Zo&#xEB; Hussain", &["Zoë Hussain"], &[], false),
        ("Ann Bell &Bob Cole; Cy Young", &["Ann Bell", "Bob Cole", "Cy Young"], &[], false),
        ("Ann Bell c/o Bob Cole", &["Ann Bell"], &["c/o Bob Cole"], true),
        ("Ann and Jim Bell, C/O Bob Cole", &["Ann Bell", "Jim Bell"], &["C/O Bob Cole"], true),
        ("c/o Bob Cole", &["Bob Cole"], &["c/o Bob Cole"], true),
        ("Ann Bell (c/o Bob Cole)", &["Ann Bell"], &["c/o Bob Cole"], false),
        ("John Smith Jr and Mary", &["John Smith Jr", "Mary Smith"], &[], false),
        ("Mary & John Smith Jnr.", &["Mary Smith", "John Smith Jnr."], &[], false),
        ("Smith, John Jr", &["John Smith Jr"], &[], false),
        ("John Smith, Jr", &["John Smith Jr"], &[], false),
        ("John Smith III & Mary Jones", &["John Smith III", "Mary Jones"], &[], false),
        ("Mary Senior and John", &["Mary Senior", "John Senior"], &[], false),
        ("Ann Lee 2", &["Ann Lee 2"], &[], true),
        ("J Smith", &["J Smith"], &[], false),
        ("?ukasz Wi?niewski", &["?ukasz Wi?niewski"], &[], false),
    ] {
        let found = split(cell);
        assert_eq!(
            (&found.names[..], &found.remarks[..], found.odd),
            (&owned(names)[..], &owned(remarks)[..], odd),
            "{cell}"
        );
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn an_empty_cell_holds_nobody() {
    assert_eq!(split("  ").names, Vec::<String>::new());
    assert_eq!(split("()").names, Vec::<String>::new());
    assert_eq!(split("Mr & Mrs").names, ["Mr & Mrs"]);
}

#[test]
fn lost_letters_are_noticed() {
    assert!(garbled("Angharad Ll?r-Pugh") && garbled("?ukasz") && garbled("ZoÃ« Raine"));
    assert!(!garbled("Angharad Llŷr-Pugh"));
}
