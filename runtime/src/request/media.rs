//! The media type of a file: what its argument says, else what its name suggests within what the document
//! lists (OpenAPI 3.2 §4.15.1, `contentType`).

/// Media types by the ending of a name: what people attach to records.
const BY_ENDING: [(&str, &str); 40] = [
    ("avif", "image/avif"),
    ("bmp", "image/bmp"),
    ("css", "text/css"),
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ("eml", "message/rfc822"),
    ("gif", "image/gif"),
    ("gz", "application/gzip"),
    ("heic", "image/heic"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("ics", "text/calendar"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("md", "text/markdown"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ogg", "audio/ogg"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("ppt", "application/vnd.ms-powerpoint"),
    (
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ("rtf", "application/rtf"),
    ("svg", "image/svg+xml"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("txt", "text/plain"),
    ("vcf", "text/vcard"),
    ("wav", "audio/wav"),
    ("webm", "video/webm"),
    ("webp", "image/webp"),
    ("xls", "application/vnd.ms-excel"),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
];
/// What is sent where nothing is known (RFC 7578 §4.4).
pub(super) const UNKNOWN: &str = "application/octet-stream";

/// The media type that the ending of a file's name suggests.
pub(crate) fn by_name(filename: &str) -> Option<&'static str> {
    let (_, ending) = filename.rsplit_once('.')?;
    let known = BY_ENDING
        .iter()
        .find(|(known, _)| ending.eq_ignore_ascii_case(known));
    known.map(|(_, media)| *media)
}

/// Whether a media type is one of a list, in which ranges may stand (`image/png, image/*`).
pub(super) fn fits(list: &str, media: &str) -> bool {
    let media = essence(media);
    list.split(',').map(essence).any(|one| {
        one == "*/*"
            || one == media
            || one
                .strip_suffix('*')
                .is_some_and(|kind| kind.ends_with('/') && media.starts_with(kind))
    })
}

/// A media type without its parameters, in lower case.
fn essence(media: &str) -> String {
    let front = media.split(';').next().unwrap_or_default();
    front.trim().to_ascii_lowercase()
}

/// The media type of a file that says none: by its name if that fits the list, with the parameters that it has
/// there, else the first of the list that is no range.
pub(super) fn choose(list: Option<&str>, filename: &str) -> String {
    let named = by_name(filename);
    let Some(list) = list else {
        return named.unwrap_or(UNKNOWN).to_owned();
    };
    if let Some(named) = named.filter(|named| fits(list, named)) {
        let mut same = list.split(',').filter(|one| essence(one) == named);
        return same.next().unwrap_or(named).trim().to_owned();
    }
    first(list).to_owned()
}

/// The first media type of a list that is no range.
pub(super) fn first(list: &str) -> &str {
    let mut concrete = list.split(',').map(str::trim);
    let first = concrete.find(|one| one.contains('/') && !one.contains('*'));
    first.unwrap_or(UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::{by_name, choose, fits};

    #[test]
    fn the_media_type_is_that_of_the_name_within_the_list_or_the_first_of_the_list() {
        for (list, filename, expected) in [
            (None, "a.PDF", "application/pdf"),
            (None, "a.tar.gz", "application/gzip"),
            (None, "a.zip", "application/zip"),
            (None, "pdf", "application/octet-stream"),
            (None, "a.", "application/octet-stream"),
            (Some("image/png"), "a.jpg", "image/png"),
            (Some("image/png, image/jpeg"), "a.jpg", "image/jpeg"),
            (Some("image/png, image/jpeg"), "a.pdf", "image/png"),
            (Some("image/*, image/webp"), "a.gif", "image/gif"),
            (Some("image/*, image/webp"), "a", "image/webp"),
            (Some("image/*"), "a.pdf", "application/octet-stream"),
            (Some("*/*"), "a.pdf", "application/pdf"),
            (
                Some("text/csv; charset=utf-8"),
                "a.bin",
                "text/csv; charset=utf-8",
            ),
            (
                Some("image/*, Text/CSV;header=present"),
                "a.csv",
                "Text/CSV;header=present",
            ),
        ] {
            assert_eq!(choose(list, filename), expected, "{list:?} {filename}");
        }
        assert!(fits("Image/*", "image/png; q=1") && !fits("image/*", "imagex/png"));
        assert!(by_name("a.exe").is_none());
    }
}
