//! The instruction sets that the kernels are compiled for; the best one is found at run time.

/// An instruction set that this processor has.
#[derive(Clone, Copy, Debug)]
pub struct Isa(Kind);

#[derive(Clone, Copy, Debug)]
enum Kind {
    Plain,
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    V3(pulp::x86::V3),
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    V4(pulp::x86::V4),
}

impl Isa {
    /// Those that this processor has, the plainest first.
    #[must_use]
    pub fn all() -> Vec<Self> {
        #[cfg_attr(not(any(target_arch = "x86", target_arch = "x86_64")), expect(unused_mut))]
        let mut all = vec![Self(Kind::Plain)];
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        {
            all.extend(pulp::x86::V3::try_new().map(|isa| Self(Kind::V3(isa))));
            all.extend(pulp::x86::V4::try_new().map(|isa| Self(Kind::V4(isa))));
        }
        all
    }

    /// The best one.
    #[must_use]
    pub fn best() -> Self {
        Self::all().pop().unwrap_or(Self(Kind::Plain))
    }

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Plain => "baseline",
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Kind::V3(_) => "AVX2",
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Kind::V4(_) => "AVX-512",
        }
    }

    #[inline(always)]
    pub(crate) fn dispatch<R>(self, f: impl FnOnce() -> R) -> R {
        match self.0 {
            Kind::Plain => f(),
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Kind::V3(isa) => isa.vectorize(f),
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Kind::V4(isa) => isa.vectorize(f),
        }
    }
}
