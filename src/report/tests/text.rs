//! Whole texts.

use super::runs::{checked, eventful, minimal};
use crate::report::{Paint, Report};

#[test]
fn a_minimal_run_has_a_short_report() {
    let text = Report::new(minimal(), Vec::new()).text(Paint::Plain);
    insta::assert_snapshot!(text, @"
       execution: local
        scenario: wallets (scenario run)
            seed: 42
           began: 2025-11-21T02:03:00Z
        duration: 1s


    █ TOTAL RESULTS

      EXECUTION
      iteration_duration...: avg=250ms min=250ms med=250ms max=250ms p(90)=250ms p(95)=250ms p(99)=250ms p(99.9)=250ms
        { failed }.........: 0.00% 0 out of 2
      iterations...........:     2 2/s


    █ SCHEDULE

      sign-in: 2 trips by 1 users
      planned...: 2
      started...: 2 100.00%

      generator healthy: no trip had a due time to be late for


    ✓ passed
    ");
}

#[test]
#[expect(clippy::too_many_lines, reason = "the whole output is the point")]
fn an_eventful_run_has_a_full_report() {
    let tally = eventful();
    let thresholds = checked(&tally);
    let text = Report::new(tally, thresholds).text(Paint::Plain);
    insta::assert_snapshot!(text, @r"
       execution: local
        scenario: wallets (scenario run)
            seed: 42
           began: 2025-11-21T02:03:00Z
        duration: 10.1s
          remark: target: embedded sandbox


    █ THRESHOLDS

      transaction{Log in}
      ✓ 'p(95)<500ms' p(95)=67.04ms
      ✗ 'avg<10ms' avg=44.52ms

      transaction{Chat}
      ✗ 'p(99)<500ms' p(99)=>30s (censored)
      ✓ 'failed<20%' failed=10.00%

      transaction{Log out}
      ✗ 'p(95)<500ms' never measured

      didcomm_waiting
      ✓ 'p(95)<500ms' p(95)=12ms

      didcomm_waiting{sign-in}
      ✗ 'max<1s' never measured


    █ TOTAL RESULTS

      CUSTOM
      didcomm_waiting............: avg=12ms    min=12ms    med=12ms    max=12ms    p(90)=12ms    p(95)=12ms            p(99)=12ms            p(99.9)=12ms
      frame_seen.................: avg=900µs   min=900µs   med=900µs   max=900µs   p(90)=900µs   p(95)=900µs           p(99)=900µs           p(99.9)=900µs
      recorded{users}............:      1 0.099/s 120 B
      sent{greeted}..............:      2 0.198/s

      TRANSACTIONS
      Chat.......................: avg=279ms   min=100ms   med=298.1ms max=458ms   p(90)=458ms   p(95)=>30s (censored) p(99)=>30s (censored) p(99.9)=>30s (censored)
        { service }..............: avg=189.5ms min=100ms   med=189ms   max=279ms   p(90)=261.1ms p(95)=270ms           p(99)=278.1ms         p(99.9)=279ms
        { failed }...............: 10.00% 18 out of 180
      Chat :: Say hello..........: avg=279ms   min=100ms   med=298.1ms max=458ms   p(90)=458ms   p(95)=>30s (censored) p(99)=>30s (censored) p(99.9)=>30s (censored)
        { service }..............: avg=189.5ms min=100ms   med=189ms   max=279ms   p(90)=261.1ms p(95)=270ms           p(99)=278.1ms         p(99.9)=279ms
        { failed }...............: 10.00% 18 out of 180
      Log in.....................: avg=44.52ms min=20ms    med=44.04ms max=69.04ms p(90)=64.06ms p(95)=67.04ms         p(99)=69.04ms         p(99.9)=69.04ms
        { service }..............: avg=44.5ms  min=20ms    med=44.01ms max=69ms    p(90)=64.03ms p(95)=67.01ms         p(99)=69ms            p(99.9)=69ms
        { failed }...............:  0.00% 0 out of 1000

      HTTP
      http_req_duration..........: avg=66.67ms min=20.05ms med=49.05ms max=279.1ms p(90)=161.1ms p(95)=220.1ms         p(99)=268.2ms         p(99.9)=278.1ms
      http_req_blocked...........: avg=0s      min=0s      med=0s      max=0s      p(90)=0s      p(95)=0s              p(99)=0s              p(99.9)=0s
      http_req_connecting........: avg=0s      min=0s      med=0s      max=0s      p(90)=0s      p(95)=0s              p(99)=0s              p(99.9)=0s
      http_req_tls_handshaking...: avg=0s      min=0s      med=0s      max=0s      p(90)=0s      p(95)=0s              p(99)=0s              p(99.9)=0s
      http_req_sending...........: avg=20µs    min=20µs    med=20µs    max=20µs    p(90)=20µs    p(95)=20µs            p(99)=20µs            p(99.9)=20µs
      http_req_waiting...........: avg=66.62ms min=20ms    med=49.02ms max=279ms   p(90)=161.1ms p(95)=220.1ms         p(99)=268ms           p(99.9)=278.1ms
      http_req_receiving.........: avg=30µs    min=30µs    med=30µs    max=30µs    p(90)=30µs    p(95)=30µs            p(99)=30µs            p(99.9)=30µs
      http_req_failed............:  1.52% 18 out of 1180
      http_reqs..................:   1180 116.8/s
        { status:200 }...........:   1162
        { status:503 }...........:     18

      EXECUTION
      dropped_iterations.........:     20 1.98/s
      iteration_duration.........: avg=80.29ms min=20ms    med=49.05ms max=458ms   p(90)=258.1ms p(95)=378ms           p(99)=>30s (censored) p(99.9)=>30s (censored)
        { service }..............: avg=66.62ms min=20ms    med=49.02ms max=279ms   p(90)=161.1ms p(95)=220.1ms         p(99)=268ms           p(99.9)=278.1ms
        { failed }...............:  1.52% 18 out of 1180
      iterations.................:   1180 116.8/s

      NETWORK
      data_received..............: 2.4 MB 234 kB/s
      data_sent..................: 118 kB 12 kB/s


    █ JOURNEY: sign-in

      TRANSACTIONS
      Log in.....................: avg=44.52ms min=20ms    med=44.04ms max=69.04ms p(90)=64.06ms p(95)=67.04ms p(99)=69.04ms p(99.9)=69.04ms
        { service }..............: avg=44.5ms  min=20ms    med=44.01ms max=69ms    p(90)=64.03ms p(95)=67.01ms p(99)=69ms    p(99.9)=69ms
        { failed }...............:  0.00% 0 out of 1000

      HTTP
      http_req_duration..........: avg=44.55ms min=20.05ms med=44.07ms max=69.05ms p(90)=64.06ms p(95)=67.08ms p(99)=69.05ms p(99.9)=69.05ms
      http_req_blocked...........: avg=0s      min=0s      med=0s      max=0s      p(90)=0s      p(95)=0s      p(99)=0s      p(99.9)=0s
      http_req_connecting........: avg=0s      min=0s      med=0s      max=0s      p(90)=0s      p(95)=0s      p(99)=0s      p(99.9)=0s
      http_req_tls_handshaking...: avg=0s      min=0s      med=0s      max=0s      p(90)=0s      p(95)=0s      p(99)=0s      p(99.9)=0s
      http_req_sending...........: avg=20µs    min=20µs    med=20µs    max=20µs    p(90)=20µs    p(95)=20µs    p(99)=20µs    p(99.9)=20µs
      http_req_waiting...........: avg=44.5ms  min=20ms    med=44.01ms max=69ms    p(90)=64.03ms p(95)=67.01ms p(99)=69ms    p(99.9)=69ms
      http_req_receiving.........: avg=30µs    min=30µs    med=30µs    max=30µs    p(90)=30µs    p(95)=30µs    p(99)=30µs    p(99.9)=30µs
      http_req_failed............:  0.00% 0 out of 1000
      http_reqs..................:   1000 99.01/s
        { status:200 }...........:   1000

      EXECUTION
      iteration_duration.........: avg=44.52ms min=20ms    med=44.04ms max=69.04ms p(90)=64.06ms p(95)=67.04ms p(99)=69.04ms p(99.9)=69.04ms
        { service }..............: avg=44.5ms  min=20ms    med=44.01ms max=69ms    p(90)=64.03ms p(95)=67.01ms p(99)=69ms    p(99.9)=69ms
        { failed }...............:  0.00% 0 out of 1000
      iterations.................:   1000 99.01/s

      NETWORK
      data_received..............: 2.0 MB 198 kB/s
      data_sent..................: 100 kB 9.9 kB/s


    █ JOURNEY: chat

      CUSTOM
      didcomm_waiting............: avg=12ms    min=12ms    med=12ms    max=12ms    p(90)=12ms    p(95)=12ms            p(99)=12ms            p(99.9)=12ms
      frame_seen.................: avg=900µs   min=900µs   med=900µs   max=900µs   p(90)=900µs   p(95)=900µs           p(99)=900µs           p(99.9)=900µs

      TRANSACTIONS
      Chat.......................: avg=279ms   min=100ms   med=298.1ms max=458ms   p(90)=458ms   p(95)=>30s (censored) p(99)=>30s (censored) p(99.9)=>30s (censored)
        { service }..............: avg=189.5ms min=100ms   med=189ms   max=279ms   p(90)=261.1ms p(95)=270ms           p(99)=278.1ms         p(99.9)=279ms
        { failed }...............: 10.00% 18 out of 180
      Chat :: Say hello..........: avg=279ms   min=100ms   med=298.1ms max=458ms   p(90)=458ms   p(95)=>30s (censored) p(99)=>30s (censored) p(99.9)=>30s (censored)
        { service }..............: avg=189.5ms min=100ms   med=189ms   max=279ms   p(90)=261.1ms p(95)=270ms           p(99)=278.1ms         p(99.9)=279ms
        { failed }...............: 10.00% 18 out of 180

      HTTP
      http_req_duration..........: avg=189.6ms min=100.1ms med=189.1ms max=279.1ms p(90)=261.1ms p(95)=270.3ms         p(99)=278.1ms         p(99.9)=279.1ms
      http_req_blocked...........: avg=0s      min=0s      med=0s      max=0s      p(90)=0s      p(95)=0s              p(99)=0s              p(99.9)=0s
      http_req_connecting........: avg=0s      min=0s      med=0s      max=0s      p(90)=0s      p(95)=0s              p(99)=0s              p(99.9)=0s
      http_req_tls_handshaking...: avg=0s      min=0s      med=0s      max=0s      p(90)=0s      p(95)=0s              p(99)=0s              p(99.9)=0s
      http_req_sending...........: avg=20µs    min=20µs    med=20µs    max=20µs    p(90)=20µs    p(95)=20µs            p(99)=20µs            p(99.9)=20µs
      http_req_waiting...........: avg=189.5ms min=100ms   med=189ms   max=279ms   p(90)=261.1ms p(95)=270ms           p(99)=278.1ms         p(99.9)=279ms
      http_req_receiving.........: avg=30µs    min=30µs    med=30µs    max=30µs    p(90)=30µs    p(95)=30µs            p(99)=30µs            p(99.9)=30µs
      http_req_failed............: 10.00% 18 out of 180
      http_reqs..................:    180 17.82/s
        { status:200 }...........:    162
        { status:503 }...........:     18

      EXECUTION
      dropped_iterations.........:     20 1.98/s
      iteration_duration.........: avg=279ms   min=100ms   med=298.1ms max=458ms   p(90)=458ms   p(95)=>30s (censored) p(99)=>30s (censored) p(99.9)=>30s (censored)
        { service }..............: avg=189.5ms min=100ms   med=189ms   max=279ms   p(90)=261.1ms p(95)=270ms           p(99)=278.1ms         p(99.9)=279ms
        { failed }...............: 10.00% 18 out of 180
      iterations.................:    180 17.82/s

      NETWORK
      data_received..............: 360 kB 36 kB/s
      data_sent..................:  18 kB 1.8 kB/s


    █ SCHEDULE

      sign-in: hold 100/s for 10s
      planned....................:  1000
      started....................:  1000 100.00%
      schedule_lag...............: p(50)=19.01µs p(99)=39µs            max=39µs
        { own lateness }.........: p(50)=19.01µs p(99)=39µs            max=39µs
        { waiting for a slot }...: p(50)=0s      p(99)=0s              max=0s
      response...................: p(50)=44.04ms p(99)=69.04ms         max=69.04ms
      service....................: p(50)=44.01ms p(99)=69ms            max=69ms

      chat: hold 20/s for 10s
      planned....................:   200
      started....................:   180 90.00%
      dropped....................:    20 10.00%
        { backlog }..............:    15 7.50%
        { run_over }.............:     5 2.50%
      schedule_lag...............: p(50)=89.06ms p(99)=178.1ms         max=179ms
        { own lateness }.........: p(50)=0s      p(99)=0s              max=0s
        { waiting for a slot }...: p(50)=89.06ms p(99)=178.1ms         max=179ms
      response...................: p(50)=298.1ms p(99)=>30s (censored) max=458ms
      service....................: p(50)=189ms   p(99)=278.1ms         max=279ms

      generator
      cpu_cores..................:   0.5 max=0.75
      memory.....................: 52 MB
      overslept..................:  80µs

      response counts from when a trip was due, service from when it began; the difference is what users would have waited
      20 trips were dropped or cancelled: percentiles count them as slower than all others; avg, min and max leave them out
      generator-limited: 90.0 % of the planned trips of chat began within the plan's time; max_in_flight = 10 was reached (waiting for a slot p99 = 178.1ms)


    █ ERRORS

      18 × http_status_503 in Chat :: Say hello, journey chat
           first at 256ms, last at 9.096s: 503 Service Unavailable\nretry later


    ✗ load not achieved: 20 of 1200 planned trips (1.66%) were dropped, at most 1% may be (exit code 112)
    ");
}

#[test]
fn colours_change_no_character() {
    let report = Report::new(minimal(), Vec::new());
    let coloured = report.text(Paint::Colour);
    let stripped = anstream::adapter::strip_str(&coloured).to_string();
    assert_ne!(coloured, stripped);
    assert_eq!(stripped, report.text(Paint::Plain));
}
