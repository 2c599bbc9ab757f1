//! The bundled pages for a browser; none in a build without the feature `explorers`.

use flate2::read::GzDecoder;
use std::io::{self, Read};

/// A file of a page.
pub struct WebFile {
    /// The page and the file name, as in `rest/main.js`.
    pub path: &'static str,
    /// A hash of the content.
    pub tag: &'static str,
    /// The content, compressed with gzip.
    pub compressed: &'static [u8],
}

/// All files, sorted by path.
static FILES: &[WebFile] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// Whether this build has pages.
pub fn is_built() -> bool {
    !FILES.is_empty()
}

/// The file at that path.
pub fn find(path: &str) -> Option<&'static WebFile> {
    let position = FILES.binary_search_by(|file| file.path.cmp(path)).ok()?;
    FILES.get(position)
}

impl WebFile {
    /// The media type, by the extension of the name.
    pub fn media_type(&self) -> &'static str {
        match self.path.rsplit('.').next() {
            Some("css") => "text/css; charset=utf-8",
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("txt") => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }
    }

    /// The content for a client that does not accept gzip.
    pub fn decompressed(&self) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        GzDecoder::new(self.compressed).read_to_end(&mut content)?;
        Ok(content)
    }
}

#[cfg(test)]
mod tests {
    const MANIFEST: &str = include_str!("../package.json");
    const LOCK: &str = include_str!("../package-lock.json");

    #[test]
    fn every_package_is_pinned_by_its_hash_and_not_by_a_registry() {
        let wanted = MANIFEST
            .lines()
            .skip_while(|line| !line.contains("\"dependencies\""))
            .filter(|line| line.contains("\": \""));
        for line in wanted {
            let version = line.rsplit("\": \"").next().unwrap_or_default();
            assert!(version.starts_with(|c: char| c.is_ascii_digit()), "not one version: {line}");
        }
        let packages = LOCK.matches("\"node_modules/").count();
        assert!(packages > 50, "only {packages} packages are locked");
        assert_eq!(LOCK.matches("\"integrity\": \"sha512-").count(), packages);
        assert!(!LOCK.contains("\"resolved\""), "the lock file names a registry");
    }
}
