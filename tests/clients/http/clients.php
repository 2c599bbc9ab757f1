<?php
// Makes the calls by PHP's curl or by its streams, with their default settings.
//
// Usage: php clients.php curl|streams ADDRESS CALLS ROUNDS [packed]

[, $client, $address, $calls, $rounds] = $argv;
$isPacked = isset($argv[5]);
$handle = $client === 'curl' ? curl_init() : null;

/** The status and the text, or 0 and what went wrong. */
function byCurl(string $method, string $url, array $headers, string $body): array
{
    global $handle;
    curl_reset($handle);
    curl_setopt_array($handle, [CURLOPT_URL => $url, CURLOPT_RETURNTRANSFER => true, CURLOPT_HTTPHEADER => $headers]);
    if ($body !== '') {
        curl_setopt_array($handle, [CURLOPT_CUSTOMREQUEST => $method, CURLOPT_POSTFIELDS => $body]);
    }
    $text = curl_exec($handle);
    return $text === false ? [0, curl_error($handle)] : [curl_getinfo($handle, CURLINFO_RESPONSE_CODE), $text];
}

/** As above. `ignore_errors`: without it there is no text of a refusal. */
function byStreams(string $method, string $url, array $headers, string $body): array
{
    $http = ['method' => $method, 'header' => $headers, 'content' => $body, 'ignore_errors' => true];
    $text = @file_get_contents($url, false, stream_context_create(['http' => $http]));
    if ($text === false) {
        return [0, error_get_last()['message']];
    }
    // Of several heads, the last.
    $statuses = preg_grep('#^HTTP/#', $http_response_header);
    return [(int) explode(' ', end($statuses))[1], $text];
}

foreach (range(0, $rounds - 1) as $made) {
    foreach (file($calls, FILE_IGNORE_NEW_LINES) as $line) {
        [$name, $method, $path, $times, $fields, $body] = explode("\t", $line);
        if ($made >= $times) {
            continue;
        }
        $headers = array_filter(explode(' | ', $fields));
        if ($isPacked && $body !== '') {
            $headers[] = 'Content-Encoding: gzip';
            $body = gzencode($body);
        }
        $send = $client === 'curl' ? 'byCurl' : 'byStreams';
        [$status, $text] = $send($method, $address . $path, $headers, $body);
        echo "$name\t$status\t", preg_replace('/\s+/', ' ', $text), "\n";
    }
}
