//! Reads a whole file and detects a torn write at its end.
//!
//! Each write is synced before the next one begins. So only the last write can be torn, by a power failure or a
//! full disk: it may end at any byte, even within quotes, and parts of it may be zeros. The bytes after the
//! last complete write are put aside if they look like that. Any other damage is an error that names the line.

use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write as _};
use std::path::Path;

use csv::{ByteRecord, Reader, ReaderBuilder, StringRecord, Writer};

use super::file::{append, beside, header};
use super::row::{COLUMNS, PART, Row};

/// A row and its position in the file.
pub(super) struct Placed {
    pub(super) row: Row,
    pub(super) at: u64,
    pub(super) length: u32,
}

/// The result of reading a file.
struct Scanned {
    /// Where the last complete write ends.
    whole: u64,
    /// Why the row after it can't be read, if there is one.
    mistake: Option<String>,
}

/// The position of a row among the rows of its write.
#[derive(Clone, Copy)]
struct Part {
    number: u32,
    of: u32,
}

/// The rows of a write that have been read so far.
#[derive(Default)]
struct Group {
    rows: Vec<Placed>,
    first: Option<Part>,
    last: Option<Part>,
}

/// The length of a row that ends at `end`.
pub(super) fn row_length(at: u64, end: u64) -> io::Result<u32> {
    u32::try_from(end - at).map_err(|_| io::Error::other("a row is longer than 4 GiB"))
}

/// Reads every row and returns where the last one ends. A torn write at the end is put aside in a separate
/// file.
///
/// # Errors
///
/// Names the line of a row that can't be read. The file is not changed in that case.
pub(super) fn read(file: &File, path: &Path, each: impl FnMut(Placed)) -> Result<u64, String> {
    let mut length = file.metadata().map_err(told)?.len();
    if has_torn_header(file).map_err(told)? {
        put_aside(file, path, 0).map_err(told)?;
        append(file, 0, header().as_bytes()).map_err(told)?;
        length = file.metadata().map_err(told)?.len();
    }
    let Scanned { mut whole, mistake } = scan(file, length, each)?;
    if whole < length {
        let rest = read_from(file, whole).map_err(told)?;
        if let Some(mistake) = mistake.filter(|_| !is_torn(&rest)) {
            return Err(mistake);
        }
        put_aside(file, path, whole).map_err(told)?;
    }
    if !ends_with_newline(file, whole) {
        append(file, whole, b"\n").map_err(told)?;
        whole += 1;
    }
    Ok(whole)
}

/// Reads every row without changing anything. Returns where the last complete write ends; `None` if there is
/// not even a complete header. A torn write, possibly one in progress, is ignored.
///
/// # Errors
///
/// Names the line of a row that can't be read.
pub(super) fn look(file: &File, each: impl FnMut(Placed)) -> Result<Option<u64>, String> {
    let length = file.metadata().map_err(told)?.len();
    if has_torn_header(file).map_err(told)? {
        return Ok(None);
    }
    let Scanned { whole, mistake } = scan(file, length, each)?;
    if let Some(mistake) = mistake {
        let mut rest = read_from(file, whole).map_err(told)?;
        // Later writes are not part of it.
        rest.truncate(usize::try_from(length - whole).unwrap_or(usize::MAX));
        if !is_torn(&rest) {
            return Err(mistake);
        }
    }
    Ok(Some(whole))
}

fn told(cause: impl Display) -> String {
    cause.to_string()
}

/// Returns whether the file is only the beginning of a header, possibly followed by zeros.
fn has_torn_header(mut file: &File) -> io::Result<bool> {
    let header = header();
    let mut head = vec![0; header.len()];
    file.rewind()?;
    let length = read_up_to(file, &mut head)?;
    let head = &head[..length];
    if head == header.as_bytes() {
        return Ok(false);
    }
    let begun = head.iter().position(|byte| *byte == 0).unwrap_or(length);
    let is_begun = header.as_bytes().starts_with(&head[..begun]);
    Ok(is_begun && is_zero(&head[begun..]) && is_zero(&read_from(file, length as u64)?))
}

/// Fills a buffer as far as the file reaches.
fn read_up_to(mut file: &File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    loop {
        match file.read(&mut buffer[filled..])? {
            0 => return Ok(filled),
            read => filled += read,
        }
    }
}

fn is_zero(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
}

fn read_from(mut file: &File, at: u64) -> io::Result<Vec<u8>> {
    let mut rest = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.read_to_end(&mut rest)?;
    Ok(rest)
}

/// Passes on the rows of all complete writes in the first `length` bytes, up to the first row that can't be read.
fn scan(mut file: &File, length: u64, mut each: impl FnMut(Placed)) -> Result<Scanned, String> {
    file.rewind().map_err(told)?;
    let mut reader = ReaderBuilder::new()
        .flexible(true)
        .from_reader(BufReader::new(file.take(length)));
    if *reader.headers().map_err(told)? != COLUMNS[..] {
        let columns = COLUMNS.join(",");
        return Err(format!(
            "line 1: the columns are not those of a run log: `{columns}`"
        ));
    }
    let mut scanned = Scanned {
        whole: reader.position().byte(),
        mistake: None,
    };
    let mut group = Group::default();
    let mut bytes = ByteRecord::new();
    while reader.read_byte_record(&mut bytes).map_err(told)? {
        let (at, line) = bytes
            .position()
            .map_or((scanned.whole, 0), |at| (at.byte(), at.line()));
        let end = reader.position().byte();
        match place(&bytes, at, end) {
            Ok((placed, part)) => group.push(placed, part),
            Err(mistake) => {
                scanned.mistake = Some(format!("line {line}: {mistake}"));
                break;
            }
        }
        let is_whole = || end < length || ends_with_newline(file, length) || group.is_surely_complete();
        if group.is_complete() && is_whole() {
            group.take().for_each(&mut each);
            scanned.whole = end;
        }
    }
    Ok(scanned)
}

fn place(bytes: &ByteRecord, at: u64, end: u64) -> Result<(Placed, Part), String> {
    let (row, part) = parse(bytes)?;
    let length = row_length(at, end).map_err(told)?;
    Ok((Placed { row, at, length }, part))
}

impl Group {
    fn push(&mut self, placed: Placed, part: Part) {
        self.first.get_or_insert(part);
        self.last = Some(part);
        self.rows.push(placed);
    }

    fn is_complete(&self) -> bool {
        self.last.is_some_and(|last| last.number == last.of)
    }

    /// Returns whether the last column was certainly not cut. A cut turns `1/12` into `1/1`, but the row before
    /// it shows the 12.
    fn is_surely_complete(&self) -> bool {
        self.rows.len() > 1
            && self
                .first
                .zip(self.last)
                .is_some_and(|(first, last)| first.of == last.of)
    }

    fn take(&mut self) -> impl Iterator<Item = Placed> {
        std::mem::take(self).rows.into_iter()
    }
}

fn ends_with_newline(mut file: &File, length: u64) -> bool {
    let mut last = [0];
    let read = file
        .seek(SeekFrom::Start(length.saturating_sub(1)))
        .and_then(|_| file.read_exact(&mut last));
    read.is_ok() && last[0] == b'\n'
}

fn parse(bytes: &ByteRecord) -> Result<(Row, Part), String> {
    if bytes.as_slice().contains(&0) {
        return Err("it has bytes that are zero".into());
    }
    let fields = StringRecord::from_byte_record(bytes.clone()).map_err(told)?;
    let row = Row::read(&fields)?;
    let part = fields[PART]
        .split(' ')
        .next()
        .and_then(|part| part.split_once('/'));
    let part = part.and_then(|(number, of)| {
        Some(Part {
            number: number.parse().ok()?,
            of: of.parse().ok()?,
        })
    });
    let wrong = || format!("column `part`: `{}` is not like `1/2`", &fields[PART]);
    Ok((row, part.ok_or_else(wrong)?))
}

/// Returns whether the rest of a file can be a torn write and nothing else.
fn is_torn(rest: &[u8]) -> bool {
    let is_within_quotes = rest.split(|byte| *byte == b'"').count().is_multiple_of(2);
    let is_cut = is_within_quotes || rest.last() != Some(&b'\n');
    (is_cut || rest.contains(&0)) && !holds_a_write(rest)
}

/// Returns whether a complete write begins at any line.
fn holds_a_write(rest: &[u8]) -> bool {
    let ends = rest.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let mut starts = ends.map(|(end, _)| &rest[end + 1..]);
    starts.any(begins_with_a_write)
}

fn begins_with_a_write(text: &[u8]) -> bool {
    let mut reader = row_reader(text);
    let mut bytes = ByteRecord::new();
    let mut at = 0;
    let mut parts = std::iter::from_fn(|| {
        reader
            .read_byte_record(&mut bytes)
            .ok()
            .filter(|is_there| *is_there)?;
        let end = usize::try_from(reader.position().byte()).ok()?;
        let row = text.get(std::mem::replace(&mut at, end)..end)?;
        // The second half of a row with a line break can parse as a row, but it is not encoded like one.
        let is_written_so = written(&bytes).is_some_and(|written| written == row);
        parse(&bytes).ok().filter(|_| is_written_so).map(|(_, part)| part)
    });
    let in_order = (1..)
        .zip(&mut parts)
        .take_while(|(number, part)| part.number == *number);
    in_order.map(|(_, part)| part).any(|part| part.number == part.of)
}

/// Encodes the row as this log does.
fn written(row: &ByteRecord) -> Option<Vec<u8>> {
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_byte_record(row).ok()?;
    writer.into_inner().ok()
}

fn row_reader(text: &[u8]) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(text.len().min(4096))
        .from_reader(text)
}

/// Reads one row.
pub(super) fn read_row(mut file: &File, at: u64, length: u32) -> Result<Row, String> {
    let mut text = vec![0; length as usize];
    file.seek(SeekFrom::Start(at))
        .and_then(|_| file.read_exact(&mut text))
        .map_err(told)?;
    let mut bytes = ByteRecord::new();
    row_reader(&text).read_byte_record(&mut bytes).map_err(told)?;
    parse(&bytes).map(|(row, _)| row)
}

/// Moves the bytes after the last complete write to `….torn`.
fn put_aside(file: &File, path: &Path, whole: u64) -> io::Result<()> {
    let torn = read_from(file, whole)?;
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

#[cfg(test)]
mod tests {
    use std::fs::{File, OpenOptions};
    use std::io::Write as _;

    use super::look;
    use crate::log::csv::CsvLog;
    use crate::log::{Action, Record, RunLog, Write};
    use crate::param::RunId;
    use crate::time::Timestamp;

    #[test]
    fn a_log_that_grows_is_read_up_to_where_it_was() {
        let path = std::env::temp_dir().join(format!("rocketry-csv-grows-{}.csv", std::process::id()));
        let at = Timestamp::from_micros(0);
        let record = |number| Record {
            task: "work".into(),
            run_id: RunId::Number(number),
            action: Action::Run,
            created: at,
            due: at,
            start: at,
            message: None,
            extra: None,
        };
        let log = CsvLog::open(&path).unwrap();
        log.write(&Write::records(&[record(1), record(2)])).unwrap();
        log.write(&Write::records(&[record(3)])).unwrap();
        let written = std::fs::read(&path).unwrap();
        let last = written.iter().rposition(|byte| *byte == b'\n').unwrap();
        let last = written[..last].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
        let mut growing = OpenOptions::new().append(true).open(&path).unwrap();
        let mut rows = 0;
        let end = look(&File::open(&path).unwrap(), |_| {
            rows += 1;
            assert!(rows <= 3, "it is read again and again");
            growing.write_all(&written[last..]).unwrap();
        });
        assert_eq!((end, rows), (Ok(Some(written.len() as u64)), 3));
        std::fs::remove_file(&path).unwrap();
    }
}
