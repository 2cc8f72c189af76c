//! Whole documents.

use serde_json::json;

use super::runs::{checked, eventful, minimal};
use crate::report::Report;

#[test]
#[expect(clippy::too_many_lines, reason = "the whole output is the point")]
fn a_minimal_run_is_a_small_document() {
    let json = Report::new(minimal(), Vec::new()).json();
    insta::assert_snapshot!(format!("{json:#}"), @r#"
    {
      "began": "2025-11-21T02:03:00Z",
      "engine": "0.1.0",
      "errors": [],
      "exchanges": [],
      "metrics": {
        "dropped_iterations": {
          "contains": "default",
          "type": "counter",
          "values": {
            "count": 0,
            "rate": 0.0
          }
        },
        "iteration_duration": {
          "contains": "time",
          "type": "trend",
          "values": {
            "avg": 250.0,
            "count": 2,
            "max": 250.0,
            "med": 250.0,
            "min": 250.0,
            "p(90)": 250.0,
            "p(95)": 250.0,
            "p(99)": 250.0,
            "p(99.9)": 250.0
          }
        },
        "iterations": {
          "contains": "default",
          "type": "counter",
          "values": {
            "count": 2,
            "rate": 2.0
          }
        },
        "schedule_lag": {
          "contains": "time",
          "type": "trend",
          "values": {
            "avg": 0.0,
            "count": 2,
            "max": 0.0,
            "med": 0.0,
            "min": 0.0,
            "p(90)": 0.0,
            "p(95)": 0.0,
            "p(99)": 0.0,
            "p(99.9)": 0.0
          }
        },
        "service_time": {
          "contains": "time",
          "type": "trend",
          "values": {
            "avg": 250.0,
            "count": 2,
            "max": 250.0,
            "med": 250.0,
            "min": 250.0,
            "p(90)": 250.0,
            "p(95)": 250.0,
            "p(99)": 250.0,
            "p(99.9)": 250.0
          }
        }
      },
      "notes": [],
      "phase": "scenario-run",
      "remarks": [],
      "scenario": "wallets",
      "schedule": [
        {
          "cancelled": 0,
          "count": 2,
          "datapool": null,
          "dropped": {},
          "failed": 0,
          "journey": "sign-in",
          "lag": {
            "avg": 0.0,
            "count": 2,
            "max": 0.0,
            "med": 0.0,
            "min": 0.0,
            "p(90)": 0.0,
            "p(95)": 0.0,
            "p(99)": 0.0,
            "p(99.9)": 0.0
          },
          "maxInFlight": 10,
          "model": "closed",
          "ownLateness": {
            "avg": 0.0,
            "count": 2,
            "max": 0.0,
            "med": 0.0,
            "min": 0.0,
            "p(90)": 0.0,
            "p(95)": 0.0,
            "p(99)": 0.0,
            "p(99.9)": 0.0
          },
          "planned": 2,
          "response": {
            "avg": 250.0,
            "count": 2,
            "max": 250.0,
            "med": 250.0,
            "min": 250.0,
            "p(90)": 250.0,
            "p(95)": 250.0,
            "p(99)": 250.0,
            "p(99.9)": 250.0
          },
          "service": {
            "avg": 250.0,
            "count": 2,
            "max": 250.0,
            "med": 250.0,
            "min": 250.0,
            "p(90)": 250.0,
            "p(95)": 250.0,
            "p(99)": 250.0,
            "p(99.9)": 250.0
          },
          "started": 2,
          "startedInTime": 2,
          "volume": "2 trips by 1 users",
          "waiting": {
            "avg": 0.0,
            "count": 2,
            "max": 0.0,
            "med": 0.0,
            "min": 0.0,
            "p(90)": 0.0,
            "p(95)": 0.0,
            "p(99)": 0.0,
            "p(99.9)": 0.0
          }
        }
      ],
      "schemaVersion": 1,
      "seed": 42,
      "state": {
        "durationMs": 1000.0,
        "finished": true
      },
      "transactions": [],
      "unheard": [],
      "verdict": {
        "achieved": {
          "done": 2,
          "failed": 0,
          "missed": 0,
          "missedMax": 0.01,
          "planned": 2,
          "started": 2
        },
        "exitCode": 0,
        "generator": [
          {
            "message": "generator healthy: no trip had a due time to be late for",
            "name": "healthy"
          }
        ],
        "message": "passed",
        "outcome": "passed"
      }
    }
    "#);
}

#[test]
#[expect(clippy::too_many_lines, reason = "the whole output is the point")]
fn an_eventful_run_tells_of_censored_figures_drops_and_failures() {
    let tally = eventful();
    let thresholds = checked(&tally);
    let json = Report::new(tally, thresholds).json();
    let told = json!({
        "measured": json["metrics"]["didcomm_waiting"]["values"]["p(95)"],
        "chat": json["metrics"]["transaction{Chat}"],
        "never measured": json["metrics"]["transaction{Log out}"],
        "failed": json["metrics"]["http_req_failed"],
        "dropped": json["schedule"][1]["dropped"],
        "transactions": json["transactions"].as_array().map(Vec::len),
        "errors": json["errors"],
        "verdict": json["verdict"],
    });
    insta::assert_snapshot!(format!("{told:#}"), @r#"
    {
      "chat": {
        "contains": "time",
        "thresholds": {
          "failed<20%": {
            "ok": true
          },
          "p(99)<500ms": {
            "ok": false
          }
        },
        "type": "trend",
        "values": {
          "avg": 279.0,
          "censored": 20,
          "count": 180,
          "max": 458.0,
          "med": 298.057727,
          "min": 100.0,
          "p(90)": 458.0,
          "p(95)": null,
          "p(95)_at_least": 30000.0,
          "p(99)": null,
          "p(99)_at_least": 30000.0,
          "p(99.9)": null,
          "p(99.9)_at_least": 30000.0
        }
      },
      "dropped": {
        "backlog": 15,
        "run_over": 5
      },
      "errors": [
        {
          "count": 18,
          "firstMs": 256.0,
          "journey": "chat",
          "kind": "http_status_503",
          "lastMs": 9096.0,
          "sample": "503 Service Unavailable\nretry later",
          "transaction": "Chat :: Say hello"
        }
      ],
      "failed": {
        "contains": "default",
        "type": "rate",
        "values": {
          "fails": 1162,
          "passes": 18,
          "rate": 0.015254237288135594
        }
      },
      "measured": 12.0,
      "never measured": {
        "contains": "default",
        "thresholds": {
          "p(95)<500ms": {
            "ok": false
          }
        },
        "type": "trend",
        "values": {}
      },
      "transactions": 3,
      "verdict": {
        "achieved": {
          "done": 1162,
          "failed": 18,
          "missed": 20,
          "missedMax": 0.01,
          "planned": 1200,
          "started": 1180
        },
        "exitCode": 112,
        "generator": [
          {
            "message": "generator-limited: 90.0 % of the planned trips of chat began within the plan's time; max_in_flight = 10 was reached (waiting for a slot p99 = 178.1ms)",
            "name": "slots_used_up"
          }
        ],
        "message": "load not achieved: 20 of 1200 planned trips (1.66%) were dropped, at most 1% may be",
        "outcome": "load_not_achieved"
      }
    }
    "#);
}
