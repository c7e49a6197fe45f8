//! Zip files that unpack to more than they can honestly hold are refused before anything reads them.

use std::io::{self, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{Bytes, Limits, NotATable};

const MOST_PARTS: usize = 10_000;

/// The names of the parts, once each is known to unpack to what it says.
pub fn checked_names(bytes: &mut Box<dyn Bytes>, limits: &Limits) -> Result<Vec<String>, NotATable> {
    let mut zip = ZipArchive::new(bytes).map_err(damaged)?;
    if zip.len() > MOST_PARTS {
        return Err(too_large(limits));
    }
    // Told at once, where the file itself says so.
    if zip.decompressed_size().is_some_and(|size| size > u128::from(limits.unpacked)) {
        return Err(too_large(limits));
    }
    let (mut names, mut left) = (Vec::with_capacity(zip.len()), limits.unpacked);
    for at in 0..zip.len() {
        let part = zip.by_index(at).map_err(damaged)?;
        let name = part.name().map_err(damaged)?.into_owned();
        let most = if name.ends_with("sharedStrings.xml") { left.min(limits.shared) } else { left };
        if part.size() > most {
            return Err(too_large(limits));
        }
        // What a part says of its size may be a lie: it is unpacked once into nothing.
        let unpacked = io::copy(&mut part.take(most + 1), &mut io::sink())
            .map_err(|_| NotATable::because("The file is damaged: a part of it cannot be unpacked"))?;
        left = left.checked_sub(unpacked).filter(|_| unpacked <= most).ok_or_else(|| too_large(limits))?;
        names.push(name);
    }
    Ok(names)
}

/// The command reads more than a browser may send, and is no way out for whoever has used it.
fn too_large(limits: &Limits) -> NotATable {
    const WHY: &str = "This workbook unpacks to more than can be read here: it may hold a very long sheet.";
    NotATable::because(match limits.rows {
        Some(_) => format!(
            "{WHY} Save the sheet as CSV, or split it, or bring it in on the server with the command “hearth import \
             enquiries”"
        ),
        None => format!("{WHY} Save the sheet as CSV, which is read at any length, or split it"),
    })
}

fn damaged(error: ZipError) -> NotATable {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            NotATable::because("This workbook has a password. Save it without one")
        }
        _ => NotATable::because("This is no workbook, or a damaged one: its zip cannot be opened"),
    }
}
