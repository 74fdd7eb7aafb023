//! The file itself: who may write it, what is whole in it, and how it gets longer.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use csv::{ByteRecord, ReaderBuilder, StringRecord};

use super::row::{COLUMNS, Row};

/// A row and where it is.
pub(super) struct Placed {
    pub(super) row: Row,
    pub(super) at: u64,
    pub(super) length: u32,
}

/// How long a row is that ends there.
pub(super) fn row_length(at: u64, end: u64) -> io::Result<u32> {
    u32::try_from(end - at).map_err(|_| io::Error::other("a row is longer than 4 GiB"))
}

/// Opens the file for this process alone, with its header.
pub(super) fn open(path: &Path) -> Result<File, String> {
    let failed = |cause: io::Error| cause.to_string();
    let file = options().open(path).map_err(failed)?;
    lock(&file, path)?;
    if file.metadata().map_err(failed)?.len() == 0 {
        let mut file = &file;
        file.write_all(header().as_bytes()).map_err(failed)?;
        file.sync_all().map_err(failed)?;
    }
    Ok(file)
}

/// Makes an empty file that is to take another's place, for this process alone.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let file = options().truncate(true).open(path)?;
    lock(&file, path).map_err(io::Error::other)?;
    Ok(file)
}

pub(super) fn header() -> String {
    format!("{}\n", COLUMNS.join(","))
}

#[cfg(unix)]
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    options
}

/// Others may read it.
#[cfg(not(unix))]
fn options() -> OpenOptions {
    use std::os::windows::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .share_mode(1);
    options
}

#[cfg(unix)]
fn lock(file: &File, path: &Path) -> Result<(), String> {
    use rustix::fs::{FlockOperation, flock};
    use std::os::unix::fs::MetadataExt;

    const TAKEN: &str = "another app has it open; a log belongs to one app at a time";
    flock(file, FlockOperation::NonBlockingLockExclusive).map_err(|_| TAKEN.to_owned())?;
    // Another app may have put a new file in its place meanwhile.
    let here = file.metadata().map_err(|cause| cause.to_string())?;
    match path.metadata() {
        Ok(there) if there.ino() == here.ino() => Ok(()),
        _ => Err(TAKEN.to_owned()),
    }
}

#[cfg(not(unix))]
fn lock(_: &File, _: &Path) -> Result<(), String> {
    Ok(())
}

/// Lets others have the file.
#[cfg(unix)]
pub(super) fn unlock(file: &File) -> io::Result<()> {
    use rustix::fs::{FlockOperation, flock};
    // To close it would not be enough while a process is being started, which has it for a moment as well.
    Ok(flock(file, FlockOperation::Unlock)?)
}

/// The file is others' as soon as it is closed.
#[cfg(not(unix))]
pub(super) fn unlock(_: &File) -> io::Result<()> {
    Ok(())
}

/// Reads every row, and mends the end: what a write left behind that was cut short is put aside in a file of its own.
///
/// # Errors
///
/// Names the line of a row that can't be read. Nothing is changed then.
pub(super) fn read(file: &File, path: &Path, mut each: impl FnMut(Placed)) -> Result<u64, String> {
    let failed = |cause: &dyn std::fmt::Display| cause.to_string();
    let length = file.metadata().map_err(|cause| failed(&cause))?.len();
    let mut start = file;
    start.rewind().map_err(|cause| failed(&cause))?;
    let mut reader = ReaderBuilder::new()
        .flexible(true)
        .from_reader(BufReader::new(start));
    let header = reader.headers().map_err(|cause| failed(&cause))?;
    if *header != COLUMNS[..] {
        return Err(format!(
            "line 1: the columns are not those of a run log: `{}`",
            COLUMNS.join(",")
        ));
    }
    let mut whole = reader.position().byte();
    let mut group: Vec<Placed> = Vec::new();
    let mut bytes = ByteRecord::new();
    while reader
        .read_byte_record(&mut bytes)
        .map_err(|cause| failed(&cause))?
    {
        let at = bytes.position().map_or(whole, csv::Position::byte);
        let line = bytes.position().map_or(0, csv::Position::line);
        let end = reader.position().byte();
        let (row, (number, of)) = match parse(&bytes) {
            Ok(parsed) => parsed,
            Err(_) if end >= length && !ends_with_newline(file, length) => break,
            Err(mistake) => return Err(format!("line {line}: {mistake}")),
        };
        let length = row_length(at, end).map_err(|mistake| format!("line {line}: {mistake}"))?;
        group.push(Placed { row, at, length });
        if number == of {
            group.drain(..).for_each(&mut each);
            whole = end;
        }
    }
    drop(reader);
    if whole < length {
        put_aside(file, path, whole).map_err(|cause| failed(&cause))?;
    }
    if !ends_with_newline(file, whole) {
        append(file, whole, b"\n").map_err(|cause| failed(&cause))?;
        whole += 1;
    }
    Ok(whole)
}

fn ends_with_newline(mut file: &File, length: u64) -> bool {
    let mut last = [0];
    let read = file
        .seek(SeekFrom::Start(length.saturating_sub(1)))
        .and_then(|_| file.read_exact(&mut last));
    read.is_ok() && last[0] == b'\n'
}

/// Which of how many rows that were written together a row is.
type Part = (u32, u32);

fn parse(bytes: &ByteRecord) -> Result<(Row, Part), String> {
    let fields = StringRecord::from_byte_record(bytes.clone()).map_err(|mistake| mistake.to_string())?;
    let row = Row::read(&fields)?;
    let part = fields[16].split(' ').next().and_then(|part| part.split_once('/'));
    let part = part.and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
    let wrong = || format!("column `part`: `{}` is not like `1/2`", &fields[16]);
    Ok((row, part.ok_or_else(wrong)?))
}

/// Reads one row.
pub(super) fn read_row(mut file: &File, at: u64, length: u32) -> Result<Row, String> {
    let mut text = vec![0; length as usize];
    let read = file
        .seek(SeekFrom::Start(at))
        .and_then(|_| file.read_exact(&mut text));
    read.map_err(|cause| cause.to_string())?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(text.len())
        .from_reader(&text[..]);
    let mut bytes = ByteRecord::new();
    reader
        .read_byte_record(&mut bytes)
        .map_err(|cause| cause.to_string())?;
    parse(&bytes).map(|(row, _)| row)
}

/// Writes at the end of what is whole. If that fails, the file is as it was as far as possible: what is behind its
/// end is written over the next time, or put aside.
pub(super) fn append(mut file: &File, end: u64, text: &[u8]) -> io::Result<()> {
    let written = file
        .seek(SeekFrom::Start(end))
        .and_then(|_| file.write_all(text))
        .and_then(|()| file.sync_data());
    written.inspect_err(|_| {
        // There is nothing more to be done about it.
        let _ = file.set_len(end);
    })
}

/// Copies a part of a file to the end of another, for good.
pub(super) fn copy(mut from: &File, part: Range<u64>, mut to: &File) -> io::Result<()> {
    from.seek(SeekFrom::Start(part.start))?;
    to.seek(SeekFrom::End(0))?;
    let length = part.end - part.start;
    let copied = io::copy(&mut from.take(length), &mut to)?;
    if copied < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    to.sync_data()
}

/// Moves what lies behind the end of what is whole into `….torn`.
fn put_aside(mut file: &File, path: &Path, whole: u64) -> io::Result<()> {
    let mut torn = Vec::new();
    file.seek(SeekFrom::Start(whole))?;
    file.read_to_end(&mut torn)?;
    let aside = beside(path, "torn");
    let mut kept = OpenOptions::new().create(true).append(true).open(&aside)?;
    kept.write_all(&torn)?;
    kept.write_all(b"\n")?;
    kept.sync_all()?;
    file.set_len(whole)?;
    tracing::warn!(
        bytes = torn.len(),
        file = %aside.display(),
        "the run log ended in the middle of a write, which was put aside"
    );
    Ok(())
}

pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}
