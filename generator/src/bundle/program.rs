//! Which system a program is for, by its first bytes.

use std::fmt;

/// A system, by its name in MCPB (`compatibility.platforms`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Platform {
    /// macOS.
    Darwin,
    /// Linux.
    Linux,
    /// Windows.
    Windows,
}

impl Platform {
    /// Its name in MCPB.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Darwin => "darwin",
            Self::Linux => "linux",
            Self::Windows => "win32",
        }
    }

    /// What programs end in there.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Windows => ".exe",
            Self::Darwin | Self::Linux => "",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A built server.
#[derive(Clone, Debug)]
pub struct Program {
    /// The system that it is for.
    pub platform: Platform,
    /// Its processor: `x86_64`, `arm64`, `universal` or nothing where it is another one.
    pub processor: Option<&'static str>,
    /// All of it.
    pub bytes: Vec<u8>,
}

impl Program {
    /// A program, if these bytes are one: ELF, Mach-O or PE.
    #[must_use]
    pub fn read(bytes: Vec<u8>) -> Option<Self> {
        let at = |from: usize, length: usize| bytes.get(from..from.checked_add(length)?);
        let number = |from: usize| {
            let two = at(from, 2)?;
            Some(u16::from_le_bytes(two.try_into().ok()?))
        };
        let (platform, processor) = match at(0, 4)? {
            // System V ABI, ELF header: `e_machine` is at 18.
            [0x7f, b'E', b'L', b'F'] => {
                let processor = match number(18)? {
                    62 => Some("x86_64"),
                    183 => Some("arm64"),
                    _ => None,
                };
                (Platform::Linux, processor)
            }
            // Mach-O of 64 bits, little-endian: `cputype` is at 4.
            [0xcf, 0xfa, 0xed, 0xfe] => {
                let processor = match at(4, 4)? {
                    [7, 0, 0, 1] => Some("x86_64"),
                    [12, 0, 0, 1] => Some("arm64"),
                    _ => None,
                };
                (Platform::Darwin, processor)
            }
            [0xca, 0xfe, 0xba, 0xbe] => (Platform::Darwin, Some("universal")),
            // The PE header is where the one at 0x3c says; its machine is 4 bytes further.
            [b'M', b'Z', _, _] => {
                let header = usize::try_from(u32::from_le_bytes(at(0x3c, 4)?.try_into().ok()?));
                let header = header.ok()?;
                if at(header, 4)? != b"PE\0\0" {
                    return None;
                }
                let processor = match number(header.checked_add(4)?)? {
                    0x8664 => Some("x86_64"),
                    0xaa64 => Some("arm64"),
                    _ => None,
                };
                (Platform::Windows, processor)
            }
            _ => return None,
        };
        Some(Self {
            platform,
            processor,
            bytes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pe(machine: [u8; 2]) -> Vec<u8> {
        let mut bytes = vec![0; 0x90];
        bytes[..2].copy_from_slice(b"MZ");
        bytes[0x3c] = 0x80;
        bytes[0x80..0x84].copy_from_slice(b"PE\0\0");
        bytes[0x84..0x86].copy_from_slice(&machine);
        bytes
    }

    fn elf(machine: u8) -> Vec<u8> {
        let mut bytes = vec![0; 20];
        bytes[..4].copy_from_slice(b"\x7fELF");
        bytes[18] = machine;
        bytes
    }

    #[test]
    fn a_program_is_known_by_its_first_bytes() {
        let mach = |cpu: u8| vec![0xcf, 0xfa, 0xed, 0xfe, cpu, 0, 0, 1];
        for (bytes, expected) in [
            (elf(62), Some((Platform::Linux, Some("x86_64")))),
            (elf(183), Some((Platform::Linux, Some("arm64")))),
            (elf(3), Some((Platform::Linux, None))),
            (mach(12), Some((Platform::Darwin, Some("arm64")))),
            (
                vec![0xca, 0xfe, 0xba, 0xbe, 0, 0],
                Some((Platform::Darwin, Some("universal"))),
            ),
            (pe([0x64, 0x86]), Some((Platform::Windows, Some("x86_64")))),
            (b"MZ".to_vec(), None),
            (b"MZ\0\0".to_vec(), None),
            (b"#!/bin/sh\n".to_vec(), None),
            (b"\x7fELF".to_vec(), None),
            (Vec::new(), None),
        ] {
            let found = Program::read(bytes.clone());
            let found = found.map(|program| (program.platform, program.processor));
            assert_eq!(found, expected, "{bytes:?}");
        }
    }
}
