//! Eight servers in one binary: `SYSTEM` says which.
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
