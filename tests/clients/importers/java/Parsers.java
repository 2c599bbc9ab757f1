// Do the libraries by which SoapUI reads a WSDL (WSDL4J) and its schemas (XMLBeans) understand both forms of ours? SoapUI itself is in
// no registry at hand. For each operation of each port XMLBeans makes the sample that SoapUI would show.

import java.util.ArrayList;
import java.util.List;
import javax.wsdl.Binding;
import javax.wsdl.BindingOperation;
import javax.wsdl.Definition;
import javax.wsdl.Part;
import javax.wsdl.Port;
import javax.wsdl.Service;
import javax.wsdl.extensions.schema.Schema;
import javax.wsdl.factory.WSDLFactory;
import javax.xml.namespace.QName;
import org.apache.xmlbeans.SchemaType;
import org.apache.xmlbeans.SchemaTypeSystem;
import org.apache.xmlbeans.XmlBeans;
import org.apache.xmlbeans.XmlError;
import org.apache.xmlbeans.XmlObject;
import org.apache.xmlbeans.XmlOptions;
import org.apache.xmlbeans.impl.xsd2inst.SampleXmlUtil;

public class Parsers {
    public static void main(String[] arguments) throws Exception {
        var failed = false;
        for (var form : List.of("wsdl", "singlewsdl")) {
            try {
                var made = samples(arguments[0] + "/soap?" + form);
                System.out.println(form + "/wsdl4j and xmlbeans: " + made + " samples made, valid but for patterns");
                System.out.println("ok    " + form + "/wsdl4j and xmlbeans: every operation of both ports has a sample");
            } catch (Throwable problem) {
                failed = true;
                System.out.println("FAIL  " + form + "/wsdl4j and xmlbeans: " + problem);
            }
        }
        System.exit(failed ? 1 : 0);
    }

    /** How many samples were made. */
    static int samples(String address) throws Exception {
        var reader = WSDLFactory.newInstance().newWSDLReader();
        reader.setFeature("javax.wsdl.verbose", false);
        var wsdl = reader.readWSDL(address);
        var types = types(wsdl, address);
        var made = 0;
        for (Object service : wsdl.getServices().values()) {
            for (Object port : ((Service) service).getPorts().values()) {
                Binding binding = ((Port) port).getBinding();
                for (Object operation : binding.getBindingOperations()) {
                    var parts = ((BindingOperation) operation).getOperation().getInput().getMessage().getParts().values();
                    for (Object part : parts) {
                        check(types, ((Part) part).getElementName());
                        made++;
                    }
                }
            }
        }
        if (made != 54) throw new AssertionError(made + " samples");
        return made;
    }

    /** The schemas of a WSDL, with what they import. */
    static SchemaTypeSystem types(Definition wsdl, String address) throws Exception {
        var options = new XmlOptions().setCompileDownloadUrls();
        var schemas = new ArrayList<XmlObject>();
        for (Object extension : wsdl.getTypes().getExtensibilityElements()) {
            var element = ((Schema) extension).getElement();
            schemas.add(XmlObject.Factory.parse(element, new XmlOptions().setDocumentSourceName(address)));
        }
        return XmlBeans.compileXsd(schemas.toArray(XmlObject[]::new), XmlBeans.getBuiltinTypeSystem(), options);
    }

    static void check(SchemaTypeSystem types, QName name) throws Exception {
        SchemaType type = types.findDocumentType(name);
        if (type == null) throw new AssertionError("no element " + name);
        var sample = SampleXmlUtil.createSampleForType(type);
        var errors = new ArrayList<XmlError>();
        types.parse(sample, type, null).validate(new XmlOptions().setErrorListener(errors));
        // What fits a pattern, as an email does, it can't make up.
        errors.removeIf(error -> error.getMessage().contains("does not match pattern"));
        if (!errors.isEmpty()) throw new AssertionError(name + ": " + errors + sample);
    }
}
