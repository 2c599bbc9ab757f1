# How does a script tell what it checked? A line for each check; the exit status says whether any failed.

$failed = 0
at_exit { exit 1 if $failed > 0 }

def check(what)
  yield
  puts "ok    #{what}"
rescue StandardError => problem
  $failed += 1
  puts "FAIL  #{what}", problem.full_message(highlight: false)
end

def equal(expected, found)
  raise "#{found.inspect} is not #{expected.inspect}" if found != expected
end
