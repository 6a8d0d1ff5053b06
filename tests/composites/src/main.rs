//! Eight servers in one binary, and four over the documents of vendors where those are at hand: `SYSTEM` says
//! which.
#![forbid(unsafe_code)]

mod crm {
    mcpwright_runtime::include_generated!("crm");
}
mod envelopes {
    mcpwright_runtime::include_generated!("envelopes");
}
mod pages {
    mcpwright_runtime::include_generated!("pages");
}
mod perfex {
    mcpwright_runtime::include_generated!("perfex");
}
mod pingcrm {
    mcpwright_runtime::include_generated!("pingcrm");
}
mod settled {
    mcpwright_runtime::include_generated!("settled");
}
mod customermates {
    mcpwright_runtime::include_generated!("customermates");
}
mod bottlecrm {
    mcpwright_runtime::include_generated!("bottlecrm");
}
#[cfg(vendors)]
mod perfex_vendor {
    mcpwright_runtime::include_generated!("perfex_vendor");
}
#[cfg(vendors)]
mod pingcrm_vendor {
    mcpwright_runtime::include_generated!("pingcrm_vendor");
}
#[cfg(vendors)]
mod customermates_vendor {
    mcpwright_runtime::include_generated!("customermates_vendor");
}
#[cfg(vendors)]
mod bottlecrm_vendor {
    mcpwright_runtime::include_generated!("bottlecrm_vendor");
}

fn main() -> std::process::ExitCode {
    let system = std::env::var("SYSTEM").unwrap_or_default();
    let api = match system.as_str() {
        "envelopes" => &envelopes::API,
        "pages" => &pages::API,
        "perfex" => &perfex::API,
        "pingcrm" => &pingcrm::API,
        "settled" => &settled::API,
        "bottlecrm" => &bottlecrm::API,
        "customermates" => &customermates::API,
        #[cfg(vendors)]
        "perfex_vendor" => &perfex_vendor::API,
        #[cfg(vendors)]
        "pingcrm_vendor" => &pingcrm_vendor::API,
        #[cfg(vendors)]
        "customermates_vendor" => &customermates_vendor::API,
        #[cfg(vendors)]
        "bottlecrm_vendor" => &bottlecrm_vendor::API,
        _ => &crm::API,
    };
    mcpwright_runtime::run(api, |extensions| extensions)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_tables_are_sound() {
        for api in [
            &super::crm::API,
            &super::perfex::API,
            &super::pingcrm::API,
            &super::customermates::API,
            &super::bottlecrm::API,
        ] {
            assert_eq!(mcpwright_runtime::coverage::check(api), Ok(()));
            assert!(!api.composites.is_empty());
        }
        #[cfg(vendors)]
        for api in [
            &super::perfex_vendor::API,
            &super::pingcrm_vendor::API,
            &super::customermates_vendor::API,
            &super::bottlecrm_vendor::API,
        ] {
            assert_eq!(mcpwright_runtime::coverage::check(api), Ok(()));
            assert!(!api.composites.is_empty());
        }
        assert_eq!(
            mcpwright_runtime::coverage::check(&super::settled::API),
            Ok(())
        );
        assert_eq!(
            mcpwright_runtime::contract::check(&super::settled::API),
            Ok(())
        );
        assert_eq!(
            mcpwright_runtime::coverage::check(&super::pages::API),
            Ok(())
        );
        assert_eq!(
            mcpwright_runtime::coverage::check(&super::envelopes::API),
            Ok(())
        );
    }
}
