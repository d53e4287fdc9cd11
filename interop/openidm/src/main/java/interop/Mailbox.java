package interop;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.forgerock.json.JsonValue;
import org.forgerock.json.resource.AbstractRequestHandler;
import org.forgerock.json.resource.ActionRequest;
import org.forgerock.json.resource.ActionResponse;
import org.forgerock.json.resource.ResourceException;
import org.forgerock.json.resource.Responses;
import org.forgerock.services.context.Context;
import org.forgerock.util.promise.Promise;

/** Keeps what the engine mails, and shows it in the form that PINGIDM_OUTBOX_URL is read in. */
final class Mailbox extends AbstractRequestHandler {
    private static final Pattern LINK = Pattern.compile("href=\"([^\"]*)\"");
    private static final Pattern TOKEN = Pattern.compile("[#&?/]token=([^&]+)");
    private static final Pattern CODE = Pattern.compile("&code=([^&]+)");
    private static final Pattern NAME = Pattern.compile("username is (\\S+)");

    private final Deque<Map<String, Object>> messages = new ConcurrentLinkedDeque<>();

    /** Takes a mail of a stage. */
    @Override
    public Promise<ActionResponse, ResourceException> handleAction(Context context, ActionRequest request) {
        JsonValue mail = request.getContent();
        Map<String, Object> message = new LinkedHashMap<>();
        for (String name : List.of("to", "from", "subject")) message.put(name, mail.get(name).asString());
        String body = mail.get("body").asString();
        String link = find(LINK, body);
        keep(message, "link", link);
        keep(message, "token", find(TOKEN, link));
        keep(message, "code", find(CODE, link));
        keep(message, "userName", find(NAME, body));
        messages.addFirst(message);
        return Responses.newActionResponse(new JsonValue(Map.of())).asPromise();
    }

    /** GET /outbox?to=ADDRESS: the last mail to that address. */
    HttpServlet servlet() {
        return new HttpServlet() {
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                String to = request.getParameter("to");
                response.setContentType("application/json;charset=utf-8");
                new ObjectMapper().writeValue(
                        response.getOutputStream(),
                        Map.of("messages", messages.stream().filter(one -> one.get("to").equals(to)).limit(1).toList()));
            }
        };
    }

    private static void keep(Map<String, Object> message, String name, String value) {
        if (value != null) message.put(name, value);
    }

    private static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text == null ? "" : text);
        return matcher.find() ? matcher.group(1) : null;
    }
}
